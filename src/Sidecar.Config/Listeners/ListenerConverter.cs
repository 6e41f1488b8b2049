using System;
using System.Collections.Generic;
using Envoy.Config.Listener.V3;
using Sidecar.Config.Conversion;
using Sidecar.Config.Values;
using Sidecar.Event.Native;
using Sidecar.Network.Addresses;
using Sidecar.Network.Listeners;
using Sidecar.Network.Sockets;
using DirectionProto = Envoy.Config.Core.V3.TrafficDirection;

namespace Sidecar.Config.Listeners;

/// <summary><c>envoy.config.listener.v3.Listener</c>. Thread: main.</summary>
public static class ListenerConverter
{
    private const uint DefaultBufferLimitBytes = 1024 * 1024;
    private const uint DefaultBacklog = 4096;

    /// <summary>The model; meaningless when errors were told.</summary>
    public static ListenerModel Build(Listener proto, FieldScope at)
    {
        CheckKind(proto, at);
        CheckListenerFilters(proto, at);
        Address address = AddressConverter.Build(proto.Address, at.Field("address")) ?? Address.FromSockaddr(default);
        string name = proto.Name.Length > 0 ? proto.Name : address.ToString();
        return new ListenerModel
        {
            Name = name,
            Address = address,
            StatPrefix = proto.StatPrefix,
            FilterChains = BuildFilterChains(proto, at),
            DefaultFilterChain = proto.DefaultFilterChain is null
                ? null
                : FilterChainConverter.Build(proto.DefaultFilterChain, proto, at.Field("default_filter_chain")),
            ReusePort = proto.EnableReusePort ?? true,
            PerConnectionBufferLimitBytes = (int)Math.Min(proto.PerConnectionBufferLimitBytes ?? DefaultBufferLimitBytes, int.MaxValue),
            TcpBacklogSize = (int)Math.Min(proto.TcpBacklogSize ?? DefaultBacklog, int.MaxValue),
            MaxConnectionsToAcceptPerSocketEvent = (int)Math.Min(proto.MaxConnectionsToAcceptPerSocketEvent ?? 0, int.MaxValue),
            MaxConnections = Math.Max(0, at.Services.Runtime.Integer($"envoy.resource_limits.listener.{name}.connection_limit", 0)),
            IgnoreGlobalConnectionLimit = proto.IgnoreGlobalConnLimit,
            TrafficDirection = proto.TrafficDirection switch
            {
                DirectionProto.Inbound => TrafficDirection.Inbound,
                DirectionProto.Outbound => TrafficDirection.Outbound,
                _ => TrafficDirection.Unspecified,
            },
            DrainType = proto.DrainType == Listener.Types.DrainType.ModifyOnly ? DrainType.ModifyOnly : DrainType.Default,
            SocketOptions = BuildSocketOptions(proto, address, at),
        };
    }

    /// <summary>Kinds of listeners, and ways of getting connections, that would make it another listener than the one meant.</summary>
    private static void CheckKind(Listener proto, FieldScope at)
    {
        if (proto.ApiListener is not null)
        {
            at.Error("api_listener", "API listeners are not supported");
        }

        if (proto.ListenerSpecifierCase == Listener.ListenerSpecifierOneofCase.InternalListener)
        {
            at.Error("internal_listener", "internal listeners are not supported");
        }

        if (proto.BindToPort is false)
        {
            at.Error("bind_to_port", "listeners that do not bind are not supported");
        }

        if (proto.UseOriginalDst is true)
        {
            at.Error("use_original_dst", "handing connections over to another listener is not supported");
        }

        if (proto.Transparent is true)
        {
            at.Error("transparent", "transparent listeners are not supported");
        }

        if (proto.FilterChainMatcher is not null)
        {
            at.Error("filter_chain_matcher", "matching filter chains by a matcher is not supported");
        }

        if (proto.AdditionalAddresses.Count > 0)
        {
            at.Error("additional_addresses", "only one address a listener is supported");
        }
    }

    /// <summary>Inspectors only serve filter chain matches; as there are none, they have nothing to do.</summary>
    private static void CheckListenerFilters(Listener proto, FieldScope at)
    {
        for (int i = 0; i < proto.ListenerFilters.Count; i++)
        {
            ListenerFilter filter = proto.ListenerFilters[i];
            FieldScope there = at.Item("listener_filters", i);
            if (ExtensionTable.IsInspector(filter))
            {
                there.Unsupported("typed_config", "no filter chain match looks at what it finds");
            }
            else
            {
                ExtensionTable.Unknown("listener filter", filter.Name, filter.TypedConfig, there.Field("typed_config"));
            }
        }
    }

    private static List<FilterChainModel> BuildFilterChains(Listener proto, FieldScope at)
    {
        var chains = new List<FilterChainModel>(proto.FilterChains.Count);
        if (proto.FilterChains.Count == 0 && proto.DefaultFilterChain is null)
        {
            at.Error("filter_chains", "a listener needs a filter chain");
        }

        for (int i = 0; i < proto.FilterChains.Count; i++)
        {
            FieldScope there = at.Item("filter_chains", i);
            if (i > 0 && FilterChainConverter.IsCatchAll(proto.FilterChains[i]) && FilterChainConverter.IsCatchAll(proto.FilterChains[0]))
            {
                there.Error("filter_chain_match", "another filter chain has the same match");
            }

            chains.Add(FilterChainConverter.Build(proto.FilterChains[i], proto, there));
        }

        return chains;
    }

    private static IReadOnlyList<SocketOption> BuildSocketOptions(Listener proto, Address address, FieldScope at)
    {
        IReadOnlyList<SocketOption> given = SocketOptionConverter.Build(proto.SocketOptions, at, "socket_options");
        if (proto.Freebind is not true && proto.TcpFastOpenQueueLength is null)
        {
            return given;
        }

        var options = new List<SocketOption>(given);
        if (proto.Freebind is true)
        {
            options.Add(address.Kind == AddressKind.Ipv6
                ? new SocketOption(SockOpt.LevelIpv6, SockOpt.Ipv6FreeBind, BitConverter.GetBytes(1))
                : new SocketOption(SockOpt.LevelIp, SockOpt.IpFreeBind, BitConverter.GetBytes(1)));
        }

        if (proto.TcpFastOpenQueueLength is { } length)
        {
            options.Add(new SocketOption(SockOpt.LevelTcp, SockOpt.TcpFastOpen, BitConverter.GetBytes((int)Math.Min(length, int.MaxValue))));
        }

        return options;
    }
}
