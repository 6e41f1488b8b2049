using System;
using System.Collections.Generic;
using Envoy.Config.Core.V3;
using Google.Rpc;
using Sidecar.Core.Logging;
using Sidecar.Xds.Subscriptions;

namespace Sidecar.Xds.Mux;

/// <summary>
/// The conversation about one type of resource on a stream: what we want, what we have, what must be answered. Its two forms are the two
/// variants of the protocol. Thread: main.
/// </summary>
internal abstract class TypeSubscription
{
    /// <summary>google.rpc.Code of a NACK.</summary>
    public const int NackCode = 3;

    /// <summary>NACK text beyond this is cut: it travels in one header-sized message and through logs.</summary>
    public const int MaxNackChars = 64 * 1024;

    private readonly Queue<PendingAck> _acks = [];
    private int _pauses;

    protected TypeSubscription(ResourceType type, MuxContext context, Action onReleased)
    {
        Type = type;
        Watches = new WatchMap(keepsLastGood: !type.IsFullState);
        Ttls = new ResourceTtls(context.Dispatcher, OnExpired);
        Damper = new NackDamper(context.Dispatcher, context.Random, onReleased);
    }

    public ResourceType Type { get; }

    public WatchMap Watches { get; }

    public bool IsPaused => _pauses > 0;

    /// <summary>Answers that wait, held back ones included.</summary>
    public int AckCount => _acks.Count;

    /// <summary>An answer may go out.</summary>
    public bool HasAckToSend => _acks.Count > 0 && !Damper.IsHolding;

    /// <summary>The server does not know yet what we want.</summary>
    public abstract bool HasNews { get; }

    protected ResourceTtls Ttls { get; }

    protected NackDamper Damper { get; }

    /// <summary>The watches want more or less than before.</summary>
    public abstract void OnInterestChanged(InterestChange change);

    /// <summary>A request with all that is new, and the answer to a response if there is one to give.</summary>
    public abstract byte[] BuildRequest(PendingAck? ack, Node? node);

    public void Pause() => _pauses++;

    public void Resume() => _pauses--;

    /// <summary>A new stream knows nothing of what was said on the old one.</summary>
    public virtual void OnStreamOpened()
    {
        _acks.Clear();
        Damper.Release();
    }

    public PendingAck TakeAck() => _acks.Dequeue();

    /// <summary>News go out while an answer is held back; state of the world must say both at once.</summary>
    public virtual PendingAck? TakeHeldAck() => null;

    public void OnConnectionFailed()
    {
        foreach (XdsWatch watch in Watches.All())
        {
            watch.Callbacks.OnConnectionFailed();
        }
    }

    /// <summary>Resources outlived their time: for their users that is a removal.</summary>
    protected abstract void OnExpired(List<string> names);

    protected void Enqueue(PendingAck ack) => _acks.Enqueue(ack);

    /// <summary>A response that is refused as a whole, before any resource of it is applied.</summary>
    protected UpdateResult RejectResponse(string error)
    {
        foreach (XdsWatch watch in Watches.All())
        {
            watch.Callbacks.OnResponseRejected(error);
        }

        return UpdateResult.Rejected(error);
    }

    /// <summary>Books the outcome with the damper; the text of the NACK, or null.</summary>
    protected string? Settle(UpdateResult result, string version, Func<ulong> fingerprint)
    {
        if (result.Error is not { } error)
        {
            Damper.OnAccepted();
            return null;
        }

        Damper.OnRejected(version, fingerprint());
        if (error.Length > MaxNackChars)
        {
            error = error[..MaxNackChars] + "... (cut)";
        }

        Loggers.Config.Warning($"xDS update of {Type} version {version} rejected: {error}");
        return error;
    }

    protected static Status? ErrorDetail(PendingAck? ack) =>
        ack?.Error is null ? null : new Status { Code = NackCode, Message = ack.Error };
}
