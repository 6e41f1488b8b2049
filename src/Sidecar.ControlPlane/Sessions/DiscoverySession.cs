using System;
using System.Collections.Generic;
using System.Globalization;
using Google.Protobuf;
using Sidecar.ControlPlane.Grpc;
using Sidecar.ControlPlane.Resources;

namespace Sidecar.ControlPlane.Sessions;

/// <summary>
/// One discovery stream without its transport: requests and snapshots in, responses out through <see cref="Outbox"/>. A new snapshot
/// goes out in two steps: first all that is new or changed, types in their order, nothing removed; then, when the client has answered
/// all of it, what was removed, types in reverse order. One thread at a time.
/// </summary>
public abstract class DiscoverySession
{
    private const string Identifier = "sidecar-control-plane";

    private readonly SortedDictionary<int, Subscription> _subscriptions = [];
    private readonly HashSet<string> _unknownTypes = new(StringComparer.Ordinal);
    private readonly ResourceType? _onlyType;
    private readonly NodeFilter _nodes;
    private Snapshot? _served;
    private Snapshot? _target;
    private bool _hasNode;
    private long _nonces;

    /// <summary>Opens a session.</summary>
    /// <param name="journal">Told what happens.</param>
    /// <param name="nodes">Which nodes are served.</param>
    /// <param name="onlyType">The type of a stream of one type; null on an aggregated stream.</param>
    protected DiscoverySession(StreamJournal journal, NodeFilter nodes, ResourceType? onlyType)
    {
        Journal = journal;
        _nodes = nodes;
        _onlyType = onlyType;
    }

    /// <summary>Responses not yet taken by the transport, oldest first.</summary>
    public Queue<byte[]> Outbox { get; } = new();

    private protected StreamJournal Journal { get; }

    /// <summary>
    /// What is being served: between the two steps of a change, the union of old and new. Null before the first good snapshot.
    /// </summary>
    private protected Snapshot? Served => _served;

    private protected static Envoy.Config.Core.V3.ControlPlane ServerIdentity => new() { Identifier = Identifier };

    /// <summary>Takes one request. A status that is not Ok ends the stream.</summary>
    public GrpcStatus OnMessage(ReadOnlySpan<byte> message)
    {
        GrpcStatus status;
        try
        {
            status = OnRequest(message);
        }
        catch (InvalidProtocolBufferException malformed)
        {
            return new GrpcStatus(GrpcStatusCode.InvalidArgument, "not a discovery request: " + malformed.Message);
        }

        TrySettle();
        return status;
    }

    /// <summary>Takes a newer snapshot.</summary>
    public void OnSnapshot(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Snapshot union = _served is null ? snapshot : snapshot.Union(_served);
        _target = snapshot;
        _served = union.Version == snapshot.Version ? snapshot : union;
        foreach (Subscription subscription in _subscriptions.Values)
        {
            Push(subscription, _served);
        }

        TrySettle();
    }

    /// <summary>Takes one request, parsed by the protocol's own message.</summary>
    private protected abstract GrpcStatus OnRequest(ReadOnlySpan<byte> message);

    /// <summary>Sends what the client lacks of one type, if anything.</summary>
    private protected abstract void Push(Subscription subscription, Snapshot snapshot);

    /// <summary>Takes the node of a request: clients may send it with the first one only.</summary>
    private protected GrpcStatus OnNode(Envoy.Config.Core.V3.Node? node)
    {
        if (_hasNode)
        {
            return GrpcStatus.Ok;
        }

        _hasNode = true;
        Journal.NodeId = node?.Id ?? "";
        return _nodes.Allows(Journal.NodeId)
            ? GrpcStatus.Ok
            : new GrpcStatus(GrpcStatusCode.PermissionDenied, $"this server serves nodes whose id matches {_nodes}");
    }

    /// <summary>Finds or starts the subscription that a request is about.</summary>
    /// <param name="typeUrl">As in the request; may be empty on a stream of one type.</param>
    /// <param name="subscription">Null for a type without resources here, or if the status is not Ok.</param>
    /// <param name="isFirst">True for the first request of its type on this stream.</param>
    private protected GrpcStatus TryFind(string typeUrl, out Subscription? subscription, out bool isFirst)
    {
        subscription = null;
        isFirst = false;
        ResourceType? type = typeUrl.Length == 0 ? _onlyType : ResourceType.FindByUrl(typeUrl);
        if (typeUrl.Length == 0 && type is null)
        {
            return new GrpcStatus(GrpcStatusCode.InvalidArgument, "type_url is required on an aggregated stream");
        }

        if (_onlyType is not null && type != _onlyType)
        {
            return new GrpcStatus(GrpcStatusCode.InvalidArgument, $"this stream serves {_onlyType.TypeUrl} only");
        }

        if (type is null)
        {
            if (_unknownTypes.Count < 100 && _unknownTypes.Add(typeUrl))
            {
                Journal.OnUnknownType(typeUrl);
            }

            return GrpcStatus.Ok;
        }

        if (!_subscriptions.TryGetValue(type.Order, out subscription))
        {
            subscription = new Subscription(type);
            _subscriptions.Add(type.Order, subscription);
            isFirst = true;
        }

        return GrpcStatus.Ok;
    }

    private protected void OnAnswer(Subscription subscription, string nonce, Google.Rpc.Status? error)
    {
        if (error is null)
        {
            Journal.OnAck(subscription, nonce);
        }
        else
        {
            Journal.OnNack(subscription, nonce, error.Message);
        }

        subscription.OnAnswer(nonce);
    }

    private protected string NextNonce() => (++_nonces).ToString(CultureInfo.InvariantCulture);

    private void TrySettle()
    {
        if (_target is null || ReferenceEquals(_served, _target) || AwaitsAnswers())
        {
            return;
        }

        _served = _target;
        for (int i = ResourceType.All.Count - 1; i >= 0; i--)
        {
            if (_subscriptions.TryGetValue(i, out Subscription? subscription))
            {
                Push(subscription, _served);
            }
        }
    }

    private bool AwaitsAnswers()
    {
        foreach (Subscription subscription in _subscriptions.Values)
        {
            if (subscription.AwaitsAnswer)
            {
                return true;
            }
        }

        return false;
    }
}
