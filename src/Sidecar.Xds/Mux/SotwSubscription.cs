using System;
using System.Collections.Generic;
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Xds.Subscriptions;
using Envelope = Envoy.Service.Discovery.V3.Resource;

namespace Sidecar.Xds.Mux;

/// <summary>
/// State of the world: each request lists all names, each response all resources of which the server wants to speak. xDS protocol,
/// sections "ACK/NACK and resource type instance version", "Unsubscribing from resources",
/// "Knowing when a requested resource does not exist".
/// </summary>
internal sealed class SotwSubscription : TypeSubscription
{
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>What the last responses listed, for types whose responses list everything.</summary>
    private readonly HashSet<string> _known = [];

    private string _version = string.Empty;
    private string _nonce = string.Empty;
    private bool _interestChanged;
    private bool _sentOnStream;
    private bool _sentNamesOnStream;

    public SotwSubscription(ResourceType type, MuxContext context, Action onReleased)
        : base(type, context, onReleased)
    {
    }

    /// <summary>
    /// An empty list on a new stream would mean "everything" (the legacy wildcard), so that a type in which nobody is interested any more
    /// stays silent there.
    /// </summary>
    public override bool HasNews => _sentOnStream ? _interestChanged : _names.Count > 0;

    public override void OnInterestChanged(InterestChange change)
    {
        _names.ExceptWith(change.Removed);
        _names.UnionWith(change.Added);
        _interestChanged |= !change.IsEmpty;
        if (!Type.IsFullState)
        {
            foreach (string name in change.Removed)
            {
                Ttls.Clear(name);
            }
        }
    }

    public override void OnStreamOpened()
    {
        base.OnStreamOpened();
        // The nonce belongs to the stream, the version to us.
        _nonce = string.Empty;
        _sentOnStream = false;
        _sentNamesOnStream = false;
    }

    /// <summary>A request with the nonce of a response answers that response: the news carry the held NACK with them.</summary>
    public override PendingAck? TakeHeldAck()
    {
        Damper.Release();
        return AckCount > 0 ? TakeAck() : null;
    }

    public override byte[] BuildRequest(PendingAck? ack, Node? node)
    {
        var request = new DiscoveryRequest
        {
            VersionInfo = ack?.Version ?? _version,
            ResponseNonce = ack?.Nonce ?? _nonce,
            TypeUrl = Type.TypeUrl,
            Node = node,
            ErrorDetail = ErrorDetail(ack),
        };
        bool isLegacyWildcard = !_sentNamesOnStream && _names.Count == 1 && _names.Contains(XdsWatch.Wildcard);
        if (!isLegacyWildcard)
        {
            request.ResourceNames.AddRange(_names);
            _sentNamesOnStream |= _names.Count > 0;
        }

        _sentOnStream = true;
        _interestChanged = false;
        return request.ToByteArray();
    }

    /// <summary>Applies a response and queues its answer.</summary>
    public void OnResponse(DiscoveryResponse response)
    {
        _nonce = response.Nonce;
        UpdateResult result = Apply(response);
        string? error = Settle(result, response.VersionInfo, () => Fingerprint(response));
        if (error is null)
        {
            _version = response.VersionInfo;
        }

        Enqueue(new PendingAck(response.Nonce, _version, error));
    }

    protected override void OnExpired(List<string> names)
    {
        _known.ExceptWith(names);
        _ = Watches.Deliver([], names, string.Empty);
    }

    private UpdateResult Apply(DiscoveryResponse response)
    {
        List<XdsResource> resources = new(response.Resources.Count);
        Dictionary<string, long?> ttls = [];
        HashSet<string> present = [];
        foreach (Any any in response.Resources)
        {
            string? error = Read(any, response.VersionInfo, resources, ttls, present);
            if (error is not null)
            {
                return RejectResponse(error);
            }
        }

        List<string> removed = [];
        if (Type.IsFullState)
        {
            foreach (string name in _known)
            {
                if (!present.Contains(name))
                {
                    removed.Add(name);
                }
            }

            _known.ExceptWith(removed);
            _known.UnionWith(present);
        }

        UpdateResult result = Watches.Deliver(resources, removed, response.VersionInfo);
        foreach ((string name, long? ttlMs) in ttls)
        {
            Ttls.Set(name, ttlMs);
        }

        removed.ForEach(Ttls.Clear);
        return result;
    }

    /// <summary>
    /// Takes one resource apart; null, or why the response as a whole is refused: with a resource whose name cannot be read we could not
    /// tell what was removed.
    /// </summary>
    private string? Read(Any any, string version, List<XdsResource> resources, Dictionary<string, long?> ttls, HashSet<string> present)
    {
        Any? body = any;
        string name = string.Empty;
        long? ttlMs = null;
        try
        {
            if (any.TypeUrl == ResourceEnvelope.WrapperTypeUrl)
            {
                Envelope envelope = Envelope.Parser.ParseFrom(any.Value);
                body = envelope.Resource_;
                name = envelope.Name;
                ttlMs = ResourceEnvelope.TtlMs(envelope);
            }

            if (name.Length == 0 && body is not null)
            {
                name = ResourceEnvelope.NameOf(body.Value);
            }
        }
        catch (InvalidProtocolBufferException malformed)
        {
            return $"malformed resource of type {any.TypeUrl}: {malformed.Message}";
        }

        if (body is not null && body.TypeUrl != Type.TypeUrl)
        {
            return $"type URL {body.TypeUrl} embedded in an individual Any does not match the message-wide type URL {Type.TypeUrl}";
        }

        bool isHeartbeat = body is null && version == _version;
        if (body is null && !isHeartbeat)
        {
            return $"{name}: resource without content";
        }

        // Duplicates of clusters and listeners are for their users to report: the first one takes effect, as in Envoy.
        if (!present.Add(name) && !Type.IsFullState)
        {
            return $"duplicate name {name} found among added/updated resources";
        }

        ttls[name] = ttlMs;
        if (body is not null)
        {
            resources.Add(new XdsResource(name, version, body.TypeUrl, body.Value.Memory));
        }

        return null;
    }

    private static ulong Fingerprint(DiscoveryResponse response)
    {
        ulong fingerprint = 0;
        foreach (Any any in response.Resources)
        {
            fingerprint = ResourceEnvelope.Mix(fingerprint, any.TypeUrl, any);
        }

        return fingerprint;
    }
}
