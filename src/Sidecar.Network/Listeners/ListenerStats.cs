using Sidecar.Core.Stats;
using static Sidecar.Core.Stats.StatTable;

namespace Sidecar.Network.Listeners;

/// <summary>Stats below <c>listener.&lt;address&gt;.</c></summary>
public enum ListenerStat
{
    DownstreamCxActive,
    DownstreamCxDestroy,
    DownstreamCxLengthMs,
    DownstreamCxOverflow,
    DownstreamCxOverloadReject,
    DownstreamCxTotal,
    DownstreamCxTransportSocketConnectTimeout,
    DownstreamGlobalCxOverflow,
    DownstreamListenerFilterError,
    DownstreamListenerFilterRemoteClose,
    DownstreamPreCxActive,
    DownstreamPreCxTimeout,
    NoFilterChainMatch,
}

/// <summary>Stats below <c>listener.&lt;address&gt;.worker_N.</c></summary>
public enum ListenerWorkerStat
{
    DownstreamCxActive,
    DownstreamCxTotal,
}

/// <summary>Stats below <c>listener_manager.</c></summary>
public enum ListenerManagerStat
{
    ListenerAdded,
    ListenerCreateFailure,
    ListenerCreateSuccess,
    ListenerInPlaceUpdated,
    ListenerModified,
    ListenerRemoved,
    ListenerStopped,
    TotalFilterChainsDraining,
    TotalListenersActive,
    TotalListenersDraining,
    TotalListenersWarming,
    WorkersStarted,
}

/// <summary>The tables behind the enums above, line by line.</summary>
public static class ListenerStats
{
    public static readonly StatTable Listener = new(
        "listener",
        Gauge("downstream_cx_active"),
        Counter("downstream_cx_destroy"),
        Histogram("downstream_cx_length_ms", StatUnit.Milliseconds),
        Counter("downstream_cx_overflow"),
        Counter("downstream_cx_overload_reject"),
        Counter("downstream_cx_total"),
        Counter("downstream_cx_transport_socket_connect_timeout"),
        Counter("downstream_global_cx_overflow"),
        Counter("downstream_listener_filter_error"),
        Counter("downstream_listener_filter_remote_close"),
        Gauge("downstream_pre_cx_active"),
        Counter("downstream_pre_cx_timeout"),
        Counter("no_filter_chain_match"));

    public static readonly StatTable Worker = new(
        "listener.worker",
        Gauge("downstream_cx_active"),
        Counter("downstream_cx_total"));

    public static readonly StatTable ListenerManager = new(
        "listener_manager",
        Counter("listener_added"),
        Counter("listener_create_failure"),
        Counter("listener_create_success"),
        Counter("listener_in_place_updated"),
        Counter("listener_modified"),
        Counter("listener_removed"),
        Counter("listener_stopped"),
        Gauge("total_filter_chains_draining"),
        Gauge("total_listeners_active"),
        Gauge("total_listeners_draining"),
        Gauge("total_listeners_warming"),
        Gauge("workers_started"));
}
