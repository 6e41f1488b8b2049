using Sidecar.Core.Buffers;

namespace Sidecar.Core;

/// <summary>The slab pools of one thread. Thread: its owner.</summary>
public sealed class WorkerMemory
{
    /// <summary>Slabs for buffered bytes.</summary>
    public SlabPool Slabs { get; } = new(SlabPool.DefaultSlabBytes, maxFreeSlabs: 128);

    /// <summary>Slabs that sockets receive into.</summary>
    public SlabPool ReceiveSlabs { get; } = new(SlabPool.ReceiveSlabBytes, maxFreeSlabs: 16);
}
