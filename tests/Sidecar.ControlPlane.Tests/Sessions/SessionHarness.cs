using System.Collections.Generic;
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Sidecar.ControlPlane.Grpc;
using Sidecar.ControlPlane.Resources;
using Sidecar.ControlPlane.Sessions;
using Sidecar.ControlPlane.Tests.Resources;

namespace Sidecar.ControlPlane.Tests.Sessions;

/// <summary>A session with a journal that is kept, and short ways to say what a client sends.</summary>
internal sealed class SessionHarness
{
    internal const string Clusters = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    internal const string Endpoints = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";
    internal const string Listeners = "type.googleapis.com/envoy.config.listener.v3.Listener";
    internal const string Routes = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";

    internal SessionHarness(bool isDelta, string? files, string nodes = "*", string? onlyKey = null)
    {
        StreamJournal journal = new(1, Lines.Add);
        ResourceType? only = onlyKey is null ? null : ResourceType.FindByKey(onlyKey);
        Session = isDelta
            ? new DeltaSession(journal, new NodeFilter(nodes), only)
            : new StateOfTheWorldSession(journal, new NodeFilter(nodes), only);
        if (files is not null)
        {
            Publish(files);
        }
    }

    internal DiscoverySession Session { get; }

    internal List<string> Lines { get; } = [];

    internal void Publish(string files) => Session.OnSnapshot(SnapshotBuilderTests.Build(files));

    internal GrpcStatus Ask(
        string type, string[] names, string nonce = "", string version = "", string? error = null, string node = "n1")
    {
        DiscoveryRequest request = new()
        {
            TypeUrl = type,
            VersionInfo = version,
            ResponseNonce = nonce,
            Node = new Node { Id = node },
            ErrorDetail = error is null ? null : new Google.Rpc.Status { Code = 3, Message = error },
        };
        request.ResourceNames.AddRange(names);
        return Session.OnMessage(request.ToByteArray());
    }

    internal void Answer(DiscoveryResponse response, string[] names, string? error = null) =>
        Ask(response.TypeUrl, names, response.Nonce, error is null ? response.VersionInfo : "", error);

    internal GrpcStatus AskDelta(
        string type,
        string[]? subscribe = null,
        string[]? unsubscribe = null,
        (string Name, string Version)[]? had = null,
        string nonce = "")
    {
        DeltaDiscoveryRequest request = new() { TypeUrl = type, ResponseNonce = nonce, Node = new Node { Id = "n1" } };
        request.ResourceNamesSubscribe.AddRange(subscribe ?? []);
        request.ResourceNamesUnsubscribe.AddRange(unsubscribe ?? []);
        foreach ((string name, string version) in had ?? [])
        {
            request.InitialResourceVersions.Add(name, version);
        }

        return Session.OnMessage(request.ToByteArray());
    }

    internal void Answer(DeltaDiscoveryResponse response, string? error = null) => Session.OnMessage(new DeltaDiscoveryRequest
    {
        TypeUrl = response.TypeUrl,
        ResponseNonce = response.Nonce,
        ErrorDetail = error is null ? null : new Google.Rpc.Status { Code = 3, Message = error },
    }.ToByteArray());

    internal void AssertSilent() => Assert.Empty(Session.Outbox);

    internal DiscoveryResponse Next() => DiscoveryResponse.Parser.ParseFrom(Session.Outbox.Dequeue());

    internal DeltaDiscoveryResponse NextDelta() => DeltaDiscoveryResponse.Parser.ParseFrom(Session.Outbox.Dequeue());

    internal static string[] Names(DeltaDiscoveryResponse response)
    {
        List<string> names = [];
        foreach (Envoy.Service.Discovery.V3.Resource resource in response.Resources)
        {
            names.Add(resource.Name);
        }

        return [.. names];
    }

    internal static string[] ClusterNames(DiscoveryResponse response)
    {
        List<string> names = [];
        foreach (Google.Protobuf.WellKnownTypes.Any any in response.Resources)
        {
            names.Add(Envoy.Config.Cluster.V3.Cluster.Parser.ParseFrom(any.Value).Name);
        }

        return [.. names];
    }
}
