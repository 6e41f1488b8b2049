using System;
using System.Collections.Generic;
using Envoy.Config.Core.V3;
using Sidecar.Config.Conversion;
using Sidecar.Config.Values;
using Sidecar.Event.Native;
using Sidecar.Upstream.Clusters;
using ClusterProto = Envoy.Config.Cluster.V3.Cluster;
using NetworkAddress = Sidecar.Network.Addresses.Address;
using NetworkSocketOption = Sidecar.Network.Sockets.SocketOption;

namespace Sidecar.Config.Clusters;

/// <summary>How a cluster's connections are opened. Thread: main.</summary>
internal static class UpstreamConnectionConverter
{
    public static UpstreamConnectionSettings Build(ClusterProto proto, FieldScope at)
    {
        UpstreamConnectionSettings defaults = UpstreamConnectionSettings.Default;
        FieldScope there = at.Field("upstream_bind_config");
        BindConfig? bind = proto.UpstreamBindConfig ?? at.Services.DefaultUpstreamBind;
        NetworkAddress? source = bind?.SourceAddress is null ? null : AddressConverter.Build(bind.SourceAddress, there.Field("source_address"));
        // 0.0.0.0 and :: with port 0 say that the kernel chooses.
        bool isChosenByKernel = source is { IsAny: true, Port: 0 };
        return new UpstreamConnectionSettings
        {
            ConnectTimeoutMs = Times.Ms(proto.ConnectTimeout, defaults.ConnectTimeoutMs, at, "connect_timeout"),
            PerConnectionBufferLimitBytes = (int)Math.Min(
                proto.PerConnectionBufferLimitBytes ?? (uint)defaults.PerConnectionBufferLimitBytes, int.MaxValue),
            TcpKeepalive = Build(proto.UpstreamConnectionOptions?.TcpKeepalive),
            SourceAddress = isChosenByKernel ? null : source,
            SocketOptions = bind is null ? [] : Options(bind, there),
        };
    }

    private static TcpKeepaliveSettings? Build(TcpKeepalive? proto) => proto is null
        ? null
        : new TcpKeepaliveSettings
        {
            Probes = proto.KeepaliveProbes,
            TimeSeconds = proto.KeepaliveTime,
            IntervalSeconds = proto.KeepaliveInterval,
        };

    private static IReadOnlyList<NetworkSocketOption> Options(BindConfig bind, FieldScope at)
    {
        IReadOnlyList<NetworkSocketOption> options = SocketOptionConverter.Build(bind.SocketOptions, at, "socket_options");
        return bind.Freebind is true ? [.. options, FreeBind()] : options;
    }

    private static NetworkSocketOption FreeBind() => new(SockOpt.LevelIp, SockOpt.IpFreeBind, BitConverter.GetBytes(1));
}
