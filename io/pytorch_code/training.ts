/**
 * The training part of the exported script: plain PyTorch, for one process or for many under `torchrun`.
 *
 * @module
 */

/** What of the script differs between models. */
export interface TrainingSettings {
  /** The source of the loss. */
  readonly loss: string;
  /** The names of the inputs of `forward`. */
  readonly inputs: readonly string[];
  /** Whether there is a schedule, and whether it wants to be told the loss. */
  readonly schedule: "none" | "plain" | "plateau";
}

/** The functions that train. */
export function trainingSource({ loss, inputs, schedule }: TrainingSettings): string {
  const stepped = schedule === "plateau" ? "scheduler.step(loss.item())" : "scheduler.step()";
  const scheduled = schedule === "none" ? "None" : "build_scheduler(optimizer)";
  const names = `(${inputs.map((name) => `"${name}", `).join("").trimEnd()})`;
  return `class TensorFile(torch.utils.data.Dataset):
    """Rows of the tensors of a file. Put your own dataset here: items are (*inputs, target)."""

    def __init__(self, path, names):
        tensors = read_tensors(path)
        missing = [name for name in names if name not in tensors]
        if missing:
            raise SystemExit(f"{path} has no {', '.join(missing)}, but {', '.join(sorted(tensors))}: see --inputs and --target")
        self.tensors = [tensors[name] for name in names]
        if len({len(x) for x in self.tensors}) != 1:
            raise SystemExit(f"the tensors {', '.join(names)} of {path} do not have the same number of rows")

    def __len__(self):
        return len(self.tensors[0])

    def __getitem__(self, i):
        return tuple(x[i] for x in self.tensors)


loss_function = ${loss}


def compute_loss(model, batch, device, args):
    """The mean loss of a batch."""
    *inputs, target = (x.to(device, non_blocking=True) for x in batch)
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=args.bf16):
        return loss_function(model(*inputs), target)


def mean_over_processes(total, count, device):
    """The mean of what all processes have summed."""
    sums = torch.tensor([total, count], dtype=torch.float64, device=device)
    if torch.distributed.is_initialized():
        torch.distributed.all_reduce(sums)
    return (sums[0] / sums[1].clamp(min=1)).item()


@torch.no_grad()
def evaluate(model, loader, device, args):
    """The mean loss over a dataset."""
    model.eval()
    total, count = 0.0, 0
    for batch in loader:
        total += compute_loss(model, batch, device, args).item() * len(batch[0])
        count += len(batch[0])
    return mean_over_processes(total, count, device)


def save_checkpoint(path, **state):
    """Writes a checkpoint under another name first, so that a crash leaves the last one whole."""
    torch.save(state, path + ".part")
    os.replace(path + ".part", path)


def make_loader(path, shuffle, args, world):
    """Batches of a file, and the sampler that deals them out among the processes."""
    dataset = TensorFile(path, [*args.inputs, args.target])
    sampler = torch.utils.data.distributed.DistributedSampler(dataset, shuffle=shuffle, seed=args.seed) if world > 1 else None
    generator = torch.Generator().manual_seed(args.seed)
    loader = torch.utils.data.DataLoader(
        dataset, args.batch_size, shuffle=shuffle and sampler is None, sampler=sampler, generator=generator,
        num_workers=args.workers, pin_memory=torch.cuda.is_available(), drop_last=shuffle and args.drop_last,
    )
    return loader, sampler, generator


def train(args):
    """Trains the model, as one of WORLD_SIZE processes."""
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    local_rank = int(os.environ.get("LOCAL_RANK", 0))
    cuda = torch.cuda.is_available() and not args.cpu
    device = torch.device("cuda", local_rank) if cuda else torch.device("cpu")
    if cuda:
        torch.cuda.set_device(device)
    if world > 1:
        torch.distributed.init_process_group("nccl" if cuda else "gloo")
    torch.manual_seed(args.seed + rank)

    def log(text):
        if rank == 0:
            print(text, flush=True)

    model = build_model().to(device)
    loss_function.to(device)
    optimizer = build_optimizer(model)
    scheduler = ${scheduled}
    load_state(optimizer, scheduler)
    start_epoch, step = 0, 0
    if args.resume:
        checkpoint = torch.load(args.resume, map_location=device)
        model.load_state_dict(checkpoint["model"])
        optimizer.load_state_dict(checkpoint["optimizer"])
        if scheduler is not None:
            scheduler.load_state_dict(checkpoint["scheduler"])
        start_epoch, step = checkpoint["epoch"], checkpoint["step"]
        log(f"resumed {args.resume} after epoch {start_epoch}, step {step}")

    wrapped = model
    if world > 1:
        wrapped = torch.nn.parallel.DistributedDataParallel(
            model, device_ids=[local_rank] if cuda else None, find_unused_parameters=args.find_unused_parameters
        )
    loader, sampler, generator = make_loader(args.data, True, args, world)
    validation = make_loader(args.validation, False, args, world)[0] if args.validation else None

    for epoch in range(start_epoch, args.epochs):
        # The order of an epoch depends on its number alone, so that a resumed run goes on as the first would have.
        generator.manual_seed(args.seed + epoch)
        if sampler is not None:
            sampler.set_epoch(epoch)
        train_mode(model)
        total, count, batches = 0.0, 0, len(loader)
        for i, batch in enumerate(loader):
            # The last batches of an epoch may be fewer than --accumulate.
            group = min(args.accumulate, batches - i // args.accumulate * args.accumulate)
            ready = (i + 1) % args.accumulate == 0 or i + 1 == batches
            # Gradients are exchanged once a step.
            with contextlib.nullcontext() if ready or world == 1 else wrapped.no_sync():
                loss = compute_loss(wrapped, batch, device, args)
                (loss / group).backward()
            total += loss.item() * len(batch[0])
            count += len(batch[0])
            if not ready:
                continue
            if args.clip > 0:
                torch.nn.utils.clip_grad_norm_(model.parameters(), args.clip)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            if scheduler is not None and args.schedule == "step":
                ${stepped}
            if step % args.log_every == 0:
                log(f"epoch {epoch} step {step} loss {loss.item():.6f} lr {optimizer.param_groups[0]['lr']:.6g}")
            if 0 < args.max_steps <= step:
                break
        loss = torch.tensor(mean_over_processes(total, count, device))
        text = f"epoch {epoch} done, mean loss {loss.item():.6f}"
        if validation is not None:
            loss = torch.tensor(evaluate(model, validation, device, args))
            text += f", validation loss {loss.item():.6f}"
        log(text)
        if scheduler is not None and args.schedule == "epoch":
            ${stepped}
        if rank == 0 and args.checkpoint:
            save_checkpoint(
                args.checkpoint, model=model.state_dict(), optimizer=optimizer.state_dict(), epoch=epoch + 1, step=step,
                scheduler=None if scheduler is None else scheduler.state_dict(),
            )
        if 0 < args.max_steps <= step:
            break
    if world > 1:
        torch.distributed.barrier()
        # The wrapper first: had it the last reference to the group, the group would wait, with Python's lock, for threads that
        # may need the lock (pytorch/pytorch#56297), and the process would never end.
        del wrapped
        torch.distributed.destroy_process_group()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="a .safetensors or .npz file of tensors with a row for each example")
    parser.add_argument("--validation", help="another such file")
    parser.add_argument("--inputs", nargs="+", default=${names}, help="the names of the tensors that the model takes")
    parser.add_argument("--target", default="y", help="the name of the tensor that the loss takes")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--max-steps", type=int, default=0, help="stop after so many steps; 0 for no limit")
    parser.add_argument("--batch-size", type=int, default=32, help="examples a batch, in each process")
    parser.add_argument("--accumulate", type=int, default=1, help="batches a step")
    parser.add_argument("--drop-last", action="store_true", help="leave out the last batch where it is smaller")
    parser.add_argument("--clip", type=float, default=0.0, help="the largest norm of all gradients; 0 for no limit")
    parser.add_argument("--bf16", action="store_true", help="compute in bfloat16 where that is safe")
    parser.add_argument("--cpu", action="store_true", help="do not use a GPU")
    parser.add_argument("--schedule", choices=("epoch", "step"), default="epoch", help="when the learning rate changes")
    parser.add_argument("--checkpoint", default="checkpoint.pt", help="where to save after each epoch; '' for nowhere")
    parser.add_argument("--resume", help="a checkpoint to go on from")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=0, help="processes that read data, for each process that trains")
    parser.add_argument("--log-every", type=int, default=10, help="steps between lines of output")
    parser.add_argument("--find-unused-parameters", action="store_true", help="for models that do not use all of them in each step")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
`;
}
