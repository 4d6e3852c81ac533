"""Holds exported models against what their exporter computed: prints, for each, the largest difference of each kind."""

import importlib
import json
import pathlib
import sys
import warnings

import torch

folder = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(folder))
sys.dont_write_bytecode = True
torch.manual_seed(0)
warnings.simplefilter("ignore")


def difference(expected, found):
    if expected.shape != found.shape:
        return f"{tuple(found.shape)} for {tuple(expected.shape)}"
    return (expected.double() - found.double()).abs().max().item() if expected.numel() else 0


def parameters(expected, model, prefix):
    state = model.state_dict()
    names = [name[len(prefix):] for name in expected if name.startswith(prefix)]
    if sorted(names) != sorted(state):
        return f"{sorted(state)} for {sorted(names)}"
    return max(difference(expected[prefix + name], state[name]) for name in names)


results = {}
for name in sys.argv[2:]:
    module = importlib.import_module(name)
    expected = module.read_safetensors(folder / f"{name}.expected.safetensors")
    inputs = [expected[f"input.{i}"] for i in range(sum(key.startswith("input.") for key in expected))]
    inputs = [x.long() if x.dtype == torch.int32 else x for x in inputs]
    result = results[name] = {}

    model = module.build_model()
    result["printed"] = str(model)
    result["modes"] = [module.training for module in model.modules()]
    result["frozen"] = [key for key, x in model.named_parameters() if not x.requires_grad]
    modes = [module.training for module in model.modules()]
    model.eval()
    result["output"] = difference(expected["output"], model(*inputs))
    for module_, mode in zip(model.modules(), modes):
        module_.training = mode

    optimizer = module.build_optimizer(model)
    scheduler = module.build_scheduler(optimizer) if hasattr(module, "build_scheduler") else None
    module.load_state(optimizer, scheduler)
    if isinstance(optimizer, torch.optim.NAdam):
        # The other implementation of PyTorch 1.13 is not the paper's.
        optimizer.param_groups[0]["foreach"] = True
    module.train_mode(model)
    target = expected["target"]
    target = target.long() if target.dtype == torch.int32 else target
    for step in (1, 2):
        loss = module.loss_function(model(*inputs), target)
        result[f"loss {step}"] = difference(expected[f"loss.{step}"], loss)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if scheduler is not None:
            plateau = isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau)
            scheduler.step(loss.item()) if plateau else scheduler.step()
        result[f"parameters {step}"] = parameters(expected, model, f"after.{step}.")
    result["lr"] = difference(expected["lr"], torch.tensor([group["lr"] for group in optimizer.param_groups]))
print(json.dumps(results))
