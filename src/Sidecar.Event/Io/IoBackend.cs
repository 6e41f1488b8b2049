using System;

namespace Sidecar.Event.Io;

/// <summary>
/// The seam between the loop and the kernel, shaped like completions: bytes, accepted descriptors, errors come up through the
/// sources' <c>Complete*</c> methods; nothing above knows of readiness. epoll serves it by calls at the right moment, a ring by
/// submissions. Thread: the dispatcher's, but for <see cref="Wake"/>.
/// </summary>
internal abstract class IoBackend
{
    /// <summary>Sources watched.</summary>
    public abstract int SourceCount { get; }

    /// <summary>True when something was left for the next iteration, which then must not wait.</summary>
    public abstract bool HasDeferredWork { get; }

    /// <summary>Waits for events: -1 for ever, 0 not at all. Delivers nothing yet, so that the clock is read before.</summary>
    public abstract void Wait(int timeoutMs);

    /// <summary>Hands what <see cref="Wait"/> found to its sources.</summary>
    public abstract void Deliver();

    /// <summary>Receives on sockets that were resumed or had used up their share of an iteration.</summary>
    public abstract void DeliverDeferred();

    /// <summary>Ends a <see cref="Wait"/>, or makes the next one return at once. Thread: any.</summary>
    public abstract void Wake();

    /// <summary>Starts to watch.</summary>
    public abstract void Add(IoSource source);

    /// <summary>Stops to watch; before the descriptor is closed. No completion follows.</summary>
    public abstract void Remove(IoSource source);

    /// <summary>Starts to connect a stream that was not added yet, and adds it.</summary>
    public abstract void Connect(StreamSocket socket, ReadOnlySpan<byte> sockaddr);

    /// <summary>Reading was resumed: deliver what waits, later in this iteration or in the next.</summary>
    public abstract void Receive(StreamSocket socket);

    /// <summary>Sends what the output holds; the rest follows when the kernel takes it.</summary>
    public abstract void Send(StreamSocket socket);

    /// <summary>Reflects a change of an acceptor's pause or a file event's interest.</summary>
    public abstract void Update(IoSource source);

    /// <summary>Releases the kernel's objects; after the loop has ended.</summary>
    public abstract void Dispose();
}
