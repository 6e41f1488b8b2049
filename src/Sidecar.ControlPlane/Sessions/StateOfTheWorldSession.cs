using System;
using System.Collections.Generic;
using System.Text;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Sidecar.ControlPlane.Grpc;
using Sidecar.ControlPlane.Resources;
using Resource = Sidecar.ControlPlane.Resources.Resource;

namespace Sidecar.ControlPlane.Sessions;

/// <summary>
/// A state-of-the-world stream: each response carries all subscribed resources of its type. Sent when a subscribed resource is new or
/// changed, and for types that a client takes as a whole also when one is gone.
/// </summary>
public sealed class StateOfTheWorldSession(StreamJournal journal, NodeFilter nodes, ResourceType? onlyType = null)
    : DiscoverySession(journal, nodes, onlyType)
{
    private protected override GrpcStatus OnRequest(ReadOnlySpan<byte> message)
    {
        DiscoveryRequest request = DiscoveryRequest.Parser.ParseFrom(message);
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

        if (subscription.LastNonce.Length > 0)
        {
            if (request.ResponseNonce != subscription.LastNonce)
            {
                // Sent before the client saw the last response; it will answer that one, with its names of then.
                return GrpcStatus.Ok;
            }

            OnAnswer(subscription, request.ResponseNonce, request.ErrorDetail);
        }

        SetNames(subscription, request.ResourceNames);
        if (Served is { } served)
        {
            if (isFirst && request.VersionInfo.Length > 0)
            {
                Resume(subscription, served, request.VersionInfo);
            }

            Push(subscription, served);
        }

        return GrpcStatus.Ok;
    }

    private protected override void Push(Subscription subscription, Snapshot snapshot)
    {
        List<Resource> selected = [.. subscription.Select(snapshot)];
        if (!IsDue(subscription, selected))
        {
            return;
        }

        DiscoveryResponse response = new()
        {
            VersionInfo = VersionOf(selected),
            TypeUrl = subscription.Type.TypeUrl,
            Nonce = NextNonce(),
            ControlPlane = ServerIdentity,
        };
        subscription.Known.Clear();
        foreach (Resource resource in selected)
        {
            response.Resources.Add(new Any { TypeUrl = resource.Type.TypeUrl, Value = resource.Bytes });
            subscription.Known[resource.Name] = resource.Version;
        }

        Outbox.Enqueue(response.ToByteArray());
        subscription.OnSent(response.Nonce, response.VersionInfo);
        Journal.OnSend(subscription, selected.Count, removed: 0);
    }

    private static void SetNames(Subscription subscription, IReadOnlyCollection<string> names)
    {
        subscription.Names.Clear();
        subscription.Names.UnionWith(names);
        subscription.HasNamedAny |= names.Count > 0;
        subscription.IsWildcard = subscription.Names.Remove("*")
            || (names.Count == 0 && subscription.Type.IsWildcardByDefault && !subscription.HasNamedAny);
        subscription.ForgetUnwanted();
    }

    /// <summary>After a reconnect: a client that tells the very version it would be sent has all of it.</summary>
    private static void Resume(Subscription subscription, Snapshot served, string version)
    {
        List<Resource> selected = [.. subscription.Select(served)];
        if (VersionOf(selected) != version)
        {
            return;
        }

        subscription.IsUnanswered = false;
        foreach (Resource resource in selected)
        {
            subscription.Known[resource.Name] = resource.Version;
        }
    }

    private static bool IsDue(Subscription subscription, List<Resource> selected)
    {
        if (subscription.IsUnanswered && subscription.IsWildcard)
        {
            return true;
        }

        foreach (Resource resource in selected)
        {
            if (subscription.Known.GetValueOrDefault(resource.Name) != resource.Version)
            {
                return true;
            }
        }

        // Absence from a response means removal only where a client takes the response as the whole set.
        return subscription.Type.IsWildcardByDefault && subscription.Known.Count > selected.Count;
    }

    private static string VersionOf(List<Resource> selected)
    {
        StringBuilder all = new();
        foreach (Resource resource in selected)
        {
            all.Append(resource.Name).Append('=').Append(resource.Version).Append('\n');
        }

        return Resource.VersionOf(Encoding.UTF8.GetBytes(all.ToString()));
    }
}
