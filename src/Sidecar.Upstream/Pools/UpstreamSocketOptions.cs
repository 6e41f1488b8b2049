using Sidecar.Event.Native;
using Sidecar.Network.Sockets;
using Sidecar.Upstream.Clusters;

namespace Sidecar.Upstream.Pools;

/// <summary>What a cluster's settings ask of a socket before it connects. Stateless; thread: any.</summary>
internal static class UpstreamSocketOptions
{
    /// <summary>False when an option or the source address was refused.</summary>
    public static bool TryApply(int fd, UpstreamConnectionSettings settings)
    {
        if (settings.TcpKeepalive is { } keepalive)
        {
            SocketFactory.TrySet(fd, SockOpt.LevelSocket, SockOpt.KeepAlive, 1);
            Set(fd, SockOpt.TcpKeepCount, keepalive.Probes);
            Set(fd, SockOpt.TcpKeepIdle, keepalive.TimeSeconds);
            Set(fd, SockOpt.TcpKeepInterval, keepalive.IntervalSeconds);
        }

        foreach (SocketOption option in settings.SocketOptions)
        {
            if (!SocketFactory.TrySet(fd, option))
            {
                return false;
            }
        }

        return settings.SourceAddress is null || SocketFactory.TryBindSource(fd, settings.SourceAddress);
    }

    private static void Set(int fd, int name, uint? value)
    {
        if (value is { } seconds)
        {
            SocketFactory.TrySet(fd, SockOpt.LevelTcp, name, (int)seconds);
        }
    }
}
