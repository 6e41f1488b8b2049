namespace Sidecar.Event.Io;

/// <summary>What an <see cref="IoSource"/> is, so that a backend serves it in its own way.</summary>
internal enum IoSourceKind : byte
{
    Stream = 0,
    Acceptor,
    File,
}

/// <summary>
/// Something with a descriptor that a backend watches. The backend finds it by a slot and tells its life from an earlier
/// owner's by a generation, because the kernel reuses descriptor numbers at once. Thread: its dispatcher's.
/// </summary>
public abstract class IoSource : DeferredDeletable
{
    internal const int NoSlot = -1;

    private protected IoSource(Dispatcher dispatcher) => Dispatcher = dispatcher;

    public Dispatcher Dispatcher { get; }

    /// <summary>The descriptor; -1 when closed.</summary>
    public int Fd { get; private protected set; } = -1;

    internal abstract IoSourceKind Kind { get; }

    /// <summary>The backend's handle; <see cref="NoSlot"/> when it does not watch the source.</summary>
    internal int Slot { get; set; } = NoSlot;
}
