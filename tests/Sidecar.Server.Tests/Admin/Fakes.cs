using System;
using System.Collections.Generic;
using Sidecar.Config.Schema;
using Sidecar.Config.Tree;
using Sidecar.Network.Addresses;
using Sidecar.Server.Admin;
using Sidecar.Server.Admin.Clusters;
using Sidecar.Server.Admin.Listeners;
using Sidecar.Server.Options;

namespace Sidecar.Server.Tests.Admin;

internal sealed class FakeServer : ServerState
{
    /// <summary>What was asked of it, in order.</summary>
    public List<string> Calls { get; } = [];

    public ServerLifecycle State { get; set; }

    public ServerOptions CommandLine { get; set; } = new() { ConfigPath = "/etc/sidecar.yaml", FileFlushIntervalMs = 1500 };

    public ReadOnlyMemory<byte> NodeBytes { get; set; } = Documents.Encode("envoy.config.core.v3.Node", "{id: n1, cluster: c1}");

    public override ServerLifecycle Lifecycle => State;

    public override string Version => "0.1.0";

    public override ServerOptions Options => CommandLine;

    public override int Concurrency => 2;

    public override TimeSpan Uptime => TimeSpan.FromSeconds(61.9);

    public override ReadOnlyMemory<byte> Node => NodeBytes;

    public override void SetHealthCheckFailed(bool failed) => Calls.Add($"health check failed: {failed}");

    public override void DrainListeners(ListenerDrain drain) => Calls.Add(drain.ToString());

    public override void Shutdown() => Calls.Add("shutdown");

    public override void ReopenLogs() => Calls.Add("reopen");
}

internal sealed class FakeClusters : ClusterSource
{
    public List<ClusterView> Clusters { get; } = [];

    public override IEnumerable<ClusterView> Active => Clusters;
}

internal sealed class FakeListeners : ListenerSource
{
    public List<ListenerView> Listeners { get; } = [];

    public override IEnumerable<ListenerView> Active => Listeners;
}

internal sealed class FakeRuntime : RuntimeSource
{
    public List<RuntimeLayer> All { get; } = [];

    public List<KeyValuePair<string, string>> Modified { get; } = [];

    /// <summary>Why a change is refused.</summary>
    public string? Error { get; set; }

    public override IReadOnlyList<RuntimeLayer> Layers => All;

    public override string? Modify(IReadOnlyList<KeyValuePair<string, string>> values)
    {
        Modified.AddRange(values);
        return Error;
    }
}

internal sealed class FakeInit : InitSource
{
    public List<UnreadyTargets> All { get; } = [];

    public override IEnumerable<UnreadyTargets> Unready => All;
}

/// <summary>Messages and addresses from text.</summary>
internal static class Documents
{
    public static byte[] Encode(string messageName, string yaml)
    {
        ConfigErrors errors = new();
        ConfigNode? node = YamlTreeReader.Read(yaml, "test.yaml", errors);
        Assert.True(node is not null, errors.ToString());
        byte[] bytes = WireEncoder.Encode(SchemaTable.Api, SchemaTable.Api.GetMessage(messageName), node, errors);
        errors.RejectUnknownFields();
        Assert.True(errors.IsEmpty, errors.ToString());
        return bytes;
    }

    public static Address Ip(string ip, int port)
    {
        Assert.True(Address.TryParseIp(ip, port, out Address? address));
        return address!;
    }
}
