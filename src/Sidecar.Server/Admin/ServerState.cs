using System;
using Sidecar.Server.Options;

namespace Sidecar.Server.Admin;

/// <summary>How far the server is. Names and values are those of <c>envoy.admin.v3.ServerInfo.State</c>.</summary>
public enum ServerLifecycle
{
    /// <summary>Takes traffic.</summary>
    Live = 0,

    /// <summary>Health checks are failed, or the server is shutting down.</summary>
    Draining,

    /// <summary>Waits for the clusters of its bootstrap.</summary>
    PreInitializing,

    /// <summary>Waits for its first listeners.</summary>
    Initializing,
}

/// <summary>How listeners are drained at the admin's request.</summary>
/// <param name="InboundOnly">Only listeners whose traffic direction is inbound.</param>
/// <param name="Graceful">They go on accepting for the drain time, while connections are asked to go.</param>
/// <param name="SkipExit">They are not stopped when the drain time is over.</param>
public readonly record struct ListenerDrain(bool InboundOnly, bool Graceful, bool SkipExit);

/// <summary>The server as the admin sees and steers it. Thread: main.</summary>
public abstract class ServerState
{
    public abstract ServerLifecycle Lifecycle { get; }

    /// <summary>Version and build, as <c>--version</c> prints it.</summary>
    public abstract string Version { get; }

    /// <summary><c>disabled</c> without hot restart.</summary>
    public virtual string HotRestartVersion => "disabled";

    public abstract ServerOptions Options { get; }

    /// <summary>Workers, once <c>--concurrency</c> is resolved.</summary>
    public abstract int Concurrency { get; }

    /// <summary>Since this process started.</summary>
    public abstract TimeSpan Uptime { get; }

    /// <summary>Since the first process of a chain of hot restarts started.</summary>
    public virtual TimeSpan UptimeAllEpochs => Uptime;

    /// <summary>Wire bytes of the <c>envoy.config.core.v3.Node</c> that control planes are sent.</summary>
    public abstract ReadOnlyMemory<byte> Node { get; }

    /// <summary>Fails health checks and drains connections, or takes that back.</summary>
    public abstract void SetHealthCheckFailed(bool failed);

    public abstract void DrainListeners(ListenerDrain drain);

    /// <summary>Begins an orderly exit; returns at once.</summary>
    public abstract void Shutdown();

    /// <summary>Opens access logs and the log file again, after rotation.</summary>
    public abstract void ReopenLogs();
}
