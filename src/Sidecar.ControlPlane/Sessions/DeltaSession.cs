using System;
using System.Collections.Generic;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Sidecar.ControlPlane.Grpc;
using Sidecar.ControlPlane.Resources;
using Resource = Sidecar.ControlPlane.Resources.Resource;

namespace Sidecar.ControlPlane.Sessions;

/// <summary>
/// An incremental stream: each response carries what changed of its type and the names of what is gone. A name that is subscribed to
/// and does not exist is told as removed, once.
/// </summary>
public sealed class DeltaSession(StreamJournal journal, NodeFilter nodes, ResourceType? onlyType = null)
    : DiscoverySession(journal, nodes, onlyType)
{
    private protected override GrpcStatus OnRequest(ReadOnlySpan<byte> message)
    {
        DeltaDiscoveryRequest request = DeltaDiscoveryRequest.Parser.ParseFrom(message);
        GrpcStatus status = OnNode(request.Node);
        if (!status.IsOk)
        {
            return status;
        }

        status = TryFind(request.TypeUrl, out Subscription? subscription, out bool isFirst);
        if (!status.IsOk || subscription is null)
        {
            return status;
        }

        if (request.ResponseNonce.Length > 0 && subscription.LastNonce.Length > 0)
        {
            OnAnswer(subscription, request.ResponseNonce, request.ErrorDetail);
        }

        if (isFirst)
        {
            Start(subscription, request);
        }

        Subscribe(subscription, request.ResourceNamesSubscribe, isFirst);
        Unsubscribe(subscription, request.ResourceNamesUnsubscribe);
        if (Served is { } served)
        {
            Push(subscription, served);
        }

        return GrpcStatus.Ok;
    }

    private protected override void Push(Subscription subscription, Snapshot snapshot)
    {
        DeltaDiscoveryResponse response = new()
        {
            SystemVersionInfo = snapshot.Version,
            TypeUrl = subscription.Type.TypeUrl,
            ControlPlane = ServerIdentity,
        };
        AddChanged(subscription, snapshot, response);
        AddRemoved(subscription, snapshot, response);
        bool isAwaited = subscription is { IsUnanswered: true, IsWildcard: true, Known.Count: 0 };
        if (response.Resources.Count == 0 && response.RemovedResources.Count == 0 && !isAwaited)
        {
            return;
        }

        response.Nonce = NextNonce();
        Outbox.Enqueue(response.ToByteArray());
        subscription.OnSent(response.Nonce, response.SystemVersionInfo);
        Journal.OnSend(subscription, response.Resources.Count, response.RemovedResources.Count);
    }

    /// <summary>The first request: it may tell what the client still has from an earlier stream.</summary>
    private static void Start(Subscription subscription, DeltaDiscoveryRequest request)
    {
        foreach (KeyValuePair<string, string> had in request.InitialResourceVersions)
        {
            subscription.Known[had.Key] = had.Value;
        }

        subscription.IsWildcard = request.ResourceNamesSubscribe.Count == 0 && subscription.Type.IsWildcardByDefault;
    }

    private static void Subscribe(Subscription subscription, IReadOnlyCollection<string> names, bool isFirst)
    {
        foreach (string name in names)
        {
            if (name == "*")
            {
                subscription.IsWildcard = true;
                continue;
            }

            subscription.Names.Add(name);
            if (!isFirst)
            {
                // Asked for again: the client has dropped it, or wants to be sure.
                subscription.Known.Remove(name);
            }
        }

        if (isFirst)
        {
            subscription.ForgetUnwanted();
        }
    }

    private static void Unsubscribe(Subscription subscription, IReadOnlyCollection<string> names)
    {
        foreach (string name in names)
        {
            if (name == "*")
            {
                subscription.IsWildcard = false;
                continue;
            }

            // Under a wildcard the resource stays wanted and is sent once more, as the protocol asks.
            subscription.Names.Remove(name);
            subscription.Known.Remove(name);
        }

        if (names.Count > 0)
        {
            subscription.ForgetUnwanted();
        }
    }

    private static void AddChanged(Subscription subscription, Snapshot snapshot, DeltaDiscoveryResponse response)
    {
        foreach (Resource resource in subscription.Select(snapshot))
        {
            if (subscription.Known.GetValueOrDefault(resource.Name) == resource.Version)
            {
                continue;
            }

            subscription.Known[resource.Name] = resource.Version;
            response.Resources.Add(new Envoy.Service.Discovery.V3.Resource
            {
                Name = resource.Name,
                Version = resource.Version,
                Resource_ = new Any { TypeUrl = resource.Type.TypeUrl, Value = resource.Bytes },
            });
        }
    }

    private static void AddRemoved(Subscription subscription, Snapshot snapshot, DeltaDiscoveryResponse response)
    {
        IReadOnlyDictionary<string, Resource> existing = snapshot[subscription.Type];
        foreach ((string name, string version) in (List<KeyValuePair<string, string>>)[.. subscription.Known])
        {
            if (!existing.ContainsKey(name) && version != Subscription.Absent)
            {
                response.RemovedResources.Add(name);
                subscription.Known.Remove(name);
            }
        }

        foreach (string name in subscription.Names)
        {
            bool isNews = !existing.ContainsKey(name) && subscription.Known.TryAdd(name, Subscription.Absent);
            if (isNews && !response.RemovedResources.Contains(name))
            {
                response.RemovedResources.Add(name);
            }
        }
    }
}
