namespace Sidecar.Event.Io;

/// <summary>What moves bytes between sockets and slabs.</summary>
public enum IoBackendKind : byte
{
    /// <summary>epoll(7), edge-triggered; works everywhere.</summary>
    Epoll = 0,
}
