"""
Writes reference/dispatched-kernels.json: how many operators, copies and conversions PyTorch itself dispatches for the networks of
timm and torchvision, in both types and both layouts, which test/anchors/dispatched-kernels.test.ts holds our kernels to.
No GPU is needed: tensors are fakes that claim to be on one, with shapes and strides and nothing in them. Some minutes.

    pip install torch torchvision timm && python scripts/dispatched-kernels.py
"""
import copy
import json
import pathlib
from collections import Counter

import timm
import torch
import torch.nn.functional as F
import torchvision
from torch._prims_common import suggest_memory_format
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode

# Our name, and the builder where its name is another.
TIMM = """resnet18 resnet50 resnext50_32x4d wide_resnet50_2 densenet121 mobilenetv1_100 mobilenetv2_140 mobilenetv3_large_075
mobilenetv4_conv_medium mnasnet_small ghostnet_100 ghostnetv2_100 efficientnet_b0 tf_efficientnet_b0 efficientnet_lite0
efficientnetv2_rw_s tf_efficientnetv2_s regnetx_040 regnety_040 convmixer_768_32 convnext_tiny convnext_base convnext_atto
convnextv2_tiny mobileone_s1 repvgg_a1 fastvit_t8 fastvit_sa12 mobilevit_s mobilevitv2_100 vit_small_patch16_224
vit_b_16=vit_base_patch16_224 vit_base_patch32_384 deit_small_distilled_patch16_224 deit3_base_patch16_224 mixer_b16_224
swin_t=swin_tiny_patch4_window7_224 swin_large_patch4_window7_224 swin_v2_t=swinv2_tiny_window8_256
swinv2_tiny_window16_256 maxvit_tiny_rw_224"""
TORCHVISION = """alexnet vgg16 vgg16_bn squeezenet1_1 googlenet inception_v3 mobilenet_v2 mobilenet_v3_large mnasnet1_0
shufflenet_v2_x1_0 efficientnet_v2_s regnet_y_400mf maxvit_t"""

# Two, since an axis of one position lies dense in any order.
BATCH = 2

VIEWS = {
    "view", "_unsafe_view", "permute", "transpose", "t", "expand", "slice", "select", "split", "split_with_sizes", "unbind",
    "squeeze", "unsqueeze", "alias", "detach", "as_strided", "as_strided_", "unfold", "empty", "empty_like", "new_empty",
}
NEEDS_DENSE = {"native_layer_norm", "native_group_norm", "_softmax"}


def attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, **_):
    """The call that a GPU would get: without one, PyTorch writes attention out instead."""
    if torch.is_autocast_enabled("cuda"):
        query, key, value = (tensor.to(torch.float16) for tensor in (query, key, value))
        attn_mask = None if attn_mask is None else attn_mask.to(torch.float16)
    if attn_mask is None and query.dtype == torch.float16:
        return torch.ops.aten._scaled_dot_product_flash_attention(query, key, value, 0.0, is_causal, scale=scale)[0]
    if attn_mask is not None:
        attn_mask = attn_mask.expand(*query.shape[:3], key.shape[2])
    return torch.ops.aten._scaled_dot_product_efficient_attention(
        query, key, value, attn_mask, False, 0.0, is_causal, scale=scale
    )[0]


class Dispatched(TorchDispatchMode):
    """Counts what runs. Below the dispatcher cuDNN copies images that lie otherwise than it takes them, and normalizations copy rows."""

    def __init__(self):
        super().__init__()
        self.counts = Counter()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        name = function.overloadpacket.__name__
        if function.namespace == "prim" or name in VIEWS:
            return result
        first = args[0]
        if name == "_to_copy":
            self.counts["conversions" if first.dtype != result.dtype else "copies"] += 1
        elif name == "copy_":
            self.counts["conversions" if first.dtype != args[1].dtype else "copies"] += 1
        elif name == "clone":
            self.counts["copies"] += 1
        else:
            self.counts["operators"] += 1
            if name in NEEDS_DENSE and not first.is_contiguous():
                self.counts["copies"] += 1
            if name == "convolution":
                weight, bias = args[1], args[2]
                # cuDNN takes none: another kernel adds it.
                self.counts["operators"] += bias is not None
                last = torch.channels_last in (suggest_memory_format(first), suggest_memory_format(weight))
                wanted = torch.channels_last if last else torch.contiguous_format
                self.counts["copies"] += not first.is_contiguous(memory_format=wanted)
        return result


def on_fake_gpu(model, fakes):
    for module in model.modules():
        for name, parameter in module._parameters.items():
            if parameter is not None:
                moved = fakes.from_tensor(parameter.detach()).to("cuda")
                module._parameters[name] = torch.nn.Parameter(moved, requires_grad=False)
        for name, buffer in module._buffers.items():
            if buffer is not None:
                module._buffers[name] = fakes.from_tensor(buffer).to("cuda")
        for name, value in list(vars(module).items()):
            if isinstance(value, torch.Tensor):
                setattr(module, name, fakes.from_tensor(value).to("cuda"))
    return model


def counts_of(built, resolution, precision, layout):
    last = {"memory_format": torch.channels_last if layout == "nhwc" else torch.contiguous_format}
    model = copy.deepcopy(built).to(**last)
    with FakeTensorMode(allow_non_fake_inputs=True) as fakes:
        model = on_fake_gpu(model, fakes)
        images = torch.empty(BATCH, 3, resolution, resolution, device="cuda").contiguous(**last)
        mixed = torch.autocast("cuda", torch.float16, enabled=precision == "fp16")
        with torch.no_grad(), mixed, Dispatched() as dispatched:
            model(images)
    return {name: dispatched.counts[name] for name in ("operators", "copies", "conversions")}


def row(library, entry):
    ours, _, other = entry.partition("=")
    name = other or ours
    if library == "timm":
        built = timm.create_model(name, pretrained=False).eval()
        resolution = built.pretrained_cfg["input_size"][-1]
    else:
        extra = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
        built = torchvision.models.get_model(name, weights=None, **extra).eval()
        resolution = 299 if name == "inception_v3" else 224
    counts = {
        f"{precision}/{layout}": counts_of(built, resolution, precision, layout)
        for precision in ("fp32", "fp16")
        for layout in ("nchw", "nhwc")
    }
    return {"model": ours, "code": f"{library} {name}", "resolution": resolution, "counts": counts}


def main():
    torch.cuda.amp.common.amp_definitely_not_available = lambda: False
    F.scaled_dot_product_attention = attention
    rows = [
        row(library, entry)
        for library, names in (("torchvision", TORCHVISION), ("timm", TIMM))
        for entry in names.split()
    ]
    versions = f"PyTorch {torch.__version__.split('+')[0]}, torchvision {torchvision.__version__.split('+')[0]}, timm {timm.__version__}"
    source = f"dispatched by {versions} to tensors without data, {BATCH} images; scripts/dispatched-kernels.py"
    path = pathlib.Path(__file__).parent.parent / "reference" / "dispatched-kernels.json"
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in rows)
    path.write_text(f'{{"source":{json.dumps(source)},"rows":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
