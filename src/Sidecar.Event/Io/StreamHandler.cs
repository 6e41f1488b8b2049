using System;
using Sidecar.Core.Buffers;

namespace Sidecar.Event.Io;

/// <summary>The owner of a <see cref="StreamSocket"/>: told what happened to it. Thread: the dispatcher's.</summary>
public abstract class StreamHandler
{
    /// <summary>The connection that <see cref="Dispatcher.Connect"/> started is established.</summary>
    public abstract void OnConnected();

    /// <summary>
    /// Bytes arrived. They lie in a receive slab of 64 KiB and are valid during the call; keep them with
    /// <see cref="Slab.Retain"/> (or <see cref="BufferChain.Append(in Slice)"/>), and the next receive takes another slab.
    /// </summary>
    public abstract void OnData(in Slice data);

    /// <summary>The peer's FIN, after all its bytes; once. The socket can still send.</summary>
    public abstract void OnEndOfStream();

    /// <summary>
    /// The socket failed and is closed: what was unsent is lost, the object is recycled at the end of the iteration. Not called
    /// after <see cref="StreamSocket.Close"/>.
    /// </summary>
    /// <param name="errno">See <see cref="Native.Errno"/>.</param>
    public abstract void OnClosed(int errno);

    /// <summary>The kernel took bytes from <see cref="StreamSocket.Output"/>; they are drained already.</summary>
    public abstract void OnSent(long bytes);

    /// <summary>
    /// The peer closed its side while reading is paused: its last bytes and its FIN are delivered after the resume. For owners that
    /// give up work nobody waits for.
    /// </summary>
    public virtual void OnPeerShutdownWhilePaused()
    {
    }
}

/// <summary>The owner of an <see cref="AcceptSocket"/>. Thread: the dispatcher's.</summary>
public abstract class AcceptHandler
{
    /// <summary>A connection was accepted: non-blocking, close-on-exec, owned by the handler from here on.</summary>
    /// <param name="fd">The new descriptor.</param>
    /// <param name="peerSockaddr">The peer's address as the kernel gave it, valid during the call.</param>
    public abstract void OnAccepted(int fd, ReadOnlySpan<byte> peerSockaddr);

    /// <summary>accept4 failed, mostly for want of descriptors or memory; accepting goes on after a rest.</summary>
    public virtual void OnAcceptError(int errno)
    {
    }
}

/// <summary>The owner of a <see cref="FileEvent"/>. Thread: the dispatcher's.</summary>
public abstract class FileEventHandler
{
    /// <summary>The descriptor is ready.</summary>
    public abstract void OnReady(FileEvent file, FileReadiness readiness);
}
