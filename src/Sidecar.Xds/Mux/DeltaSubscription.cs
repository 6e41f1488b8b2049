using System;
using System.Collections.Generic;
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Sidecar.Xds.Subscriptions;
using Envelope = Envoy.Service.Discovery.V3.Resource;

namespace Sidecar.Xds.Mux;

/// <summary>
/// Incremental: requests say which names come and go, responses which resources. xDS protocol, section "Incremental xDS".
/// </summary>
internal sealed class DeltaSubscription : TypeSubscription
{
    private readonly Dictionary<string, Held> _held = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _subscribe = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _unsubscribe = new(StringComparer.Ordinal);
    private bool _isWildcard;
    private bool _isLegacyWildcard = true;
    private bool _sentOnStream;

    public DeltaSubscription(ResourceType type, MuxContext context, Action onReleased)
        : base(type, context, onReleased)
    {
    }

    /// <summary>Why a resource's version is kept.</summary>
    private enum Reason : byte
    {
        /// <summary>Subscribed by name.</summary>
        Requested = 0,

        /// <summary>Came through the wildcard.</summary>
        Wildcard,

        /// <summary>No longer asked for by name; the wildcard may still mean it, and the server will tell.</summary>
        Ambiguous,
    }

    public override bool HasNews => _sentOnStream ? _subscribe.Count + _unsubscribe.Count > 0 : _isWildcard || HasRequested();

    public override void OnInterestChanged(InterestChange change)
    {
        foreach (string name in change.Added)
        {
            Subscribe(name);
        }

        foreach (string name in change.Removed)
        {
            Unsubscribe(name);
        }
    }

    public override void OnStreamOpened()
    {
        base.OnStreamOpened();
        _sentOnStream = false;
    }

    public override byte[] BuildRequest(PendingAck? ack, Node? node)
    {
        var request = new DeltaDiscoveryRequest
        {
            TypeUrl = Type.TypeUrl,
            Node = node,
            ResponseNonce = ack?.Nonce ?? string.Empty,
            ErrorDetail = ErrorDetail(ack),
        };
        if (!_sentOnStream)
        {
            _sentOnStream = true;
            SayEverything(request);
        }

        request.ResourceNamesSubscribe.AddRange(_subscribe);
        request.ResourceNamesUnsubscribe.AddRange(_unsubscribe);
        _subscribe.Clear();
        _unsubscribe.Clear();
        return request.ToByteArray();
    }

    /// <summary>Applies a response and queues its answer.</summary>
    public void OnResponse(DeltaDiscoveryResponse response)
    {
        UpdateResult result = Apply(response);
        string? error = Settle(result, response.SystemVersionInfo, () => Fingerprint(response));
        Enqueue(new PendingAck(response.Nonce, string.Empty, error));
    }

    protected override void OnExpired(List<string> names)
    {
        names.ForEach(Forget);
        _ = Watches.Deliver([], names, string.Empty);
    }

    private void Subscribe(string name)
    {
        if (name == XdsWatch.Wildcard)
        {
            _isWildcard = true;
        }
        else
        {
            // The legacy wildcard (an empty first request) ends with the first name: from there on it must be spelled out.
            _isLegacyWildcard = false;
            _held[name] = new Held(_held.TryGetValue(name, out Held held) ? held.Version : null, Reason.Requested);
        }

        // A name that was removed and added again between two requests is new: its user may have dropped the resource.
        _unsubscribe.Remove(name);
        _subscribe.Add(name);
    }

    private void Unsubscribe(string name)
    {
        _subscribe.Remove(name);
        _isLegacyWildcard = false;
        if (name == XdsWatch.Wildcard)
        {
            _isWildcard = false;
            DropUnrequested();
            _unsubscribe.Add(name);
            return;
        }

        if (!_held.TryGetValue(name, out Held held))
        {
            return;
        }

        if (_isWildcard && held.Version is not null)
        {
            _held[name] = held with { Reason = Reason.Ambiguous };
        }
        else
        {
            _held.Remove(name);
            Ttls.Clear(name);
        }

        _unsubscribe.Add(name);
    }

    /// <summary>The first request of a stream: all that we want, and which versions we have.</summary>
    private void SayEverything(DeltaDiscoveryRequest request)
    {
        _unsubscribe.Clear();
        _subscribe.Clear();
        foreach ((string name, Held held) in _held)
        {
            if (held.Version is not null)
            {
                request.InitialResourceVersions.Add(name, held.Version);
            }

            if (held.Reason == Reason.Requested)
            {
                _subscribe.Add(name);
            }
        }

        if (_isWildcard && !(_isLegacyWildcard || _subscribe.Count == 0))
        {
            _subscribe.Add(XdsWatch.Wildcard);
        }
    }

    private UpdateResult Apply(DeltaDiscoveryResponse response)
    {
        List<XdsResource> added = new(response.Resources.Count);
        HashSet<string> names = [];
        foreach (Envelope resource in response.Resources)
        {
            string? error = Read(resource, names, added);
            if (error is not null)
            {
                return RejectResponse(error);
            }
        }

        foreach (string name in response.RemovedResources)
        {
            if (!names.Add(name))
            {
                return RejectResponse($"duplicate name {name} found in the union of added+removed resources");
            }
        }

        UpdateResult result = Watches.Deliver(added, [.. response.RemovedResources], response.SystemVersionInfo);
        foreach (Envelope resource in response.Resources)
        {
            if (result.IsAccepted || (result.FailedNames is { } failed && !Contains(failed, resource.Name)))
            {
                Hold(resource);
            }
        }

        foreach (string name in response.RemovedResources)
        {
            Forget(name);
        }

        return result;
    }

    private string? Read(Envelope resource, HashSet<string> names, List<XdsResource> added)
    {
        if (!names.Add(resource.Name))
        {
            return $"duplicate name {resource.Name} found among added/updated resources";
        }

        if (resource.Resource_ is not { } body)
        {
            // Without content: a heartbeat for the version that we hold, or an alias that the server could not resolve.
            bool isHeartbeat = _held.TryGetValue(resource.Name, out Held held) && held.Version == resource.Version;
            return isHeartbeat || resource.Aliases.Count > 0 ? null : $"{resource.Name}: resource without content";
        }

        if (body.TypeUrl != Type.TypeUrl)
        {
            return $"type URL {body.TypeUrl} embedded in an individual Any does not match the message-wide type URL {Type.TypeUrl}";
        }

        added.Add(new XdsResource(resource.Name, resource.Version, body.TypeUrl, body.Value.Memory));
        return null;
    }

    private void Hold(Envelope resource)
    {
        bool known = _held.TryGetValue(resource.Name, out Held held);
        if (!known && !_isWildcard)
        {
            return;
        }

        if (resource.Resource_ is not null)
        {
            Reason reason = known && held.Reason == Reason.Requested ? Reason.Requested : Reason.Wildcard;
            _held[resource.Name] = new Held(resource.Version, reason);
        }

        Ttls.Set(resource.Name, ResourceEnvelope.TtlMs(resource));
    }

    /// <summary>A removed resource has no version to speak of at the next connect; that we want it remains.</summary>
    private void Forget(string name)
    {
        if (_held.TryGetValue(name, out Held held))
        {
            if (held.Reason == Reason.Requested)
            {
                _held[name] = new Held(null, Reason.Requested);
            }
            else
            {
                _held.Remove(name);
            }
        }

        Ttls.Clear(name);
    }

    private void DropUnrequested()
    {
        foreach ((string name, Held held) in _held)
        {
            if (held.Reason != Reason.Requested)
            {
                // Removing while enumerating is allowed.
                _held.Remove(name);
                Ttls.Clear(name);
            }
        }
    }

    private bool HasRequested()
    {
        foreach (Held held in _held.Values)
        {
            if (held.Reason == Reason.Requested)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Contains(IReadOnlyCollection<string> names, string name) =>
        names is HashSet<string> set ? set.Contains(name) : new HashSet<string>(names).Contains(name);

    private static ulong Fingerprint(DeltaDiscoveryResponse response)
    {
        ulong fingerprint = 0;
        foreach (Envelope resource in response.Resources)
        {
            fingerprint = ResourceEnvelope.Mix(fingerprint, resource.Name, resource.Resource_);
        }

        foreach (string name in response.RemovedResources)
        {
            fingerprint = ResourceEnvelope.Mix(fingerprint, name, null);
        }

        return fingerprint;
    }

    /// <summary>A resource's version, null while none was received.</summary>
    private readonly record struct Held(string? Version, Reason Reason);
}
