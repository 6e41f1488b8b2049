using System.Collections.Generic;
using System.Net;
using Sidecar.Event;
using Sidecar.Event.Posts;
using Sidecar.Upstream.Clusters;

namespace Sidecar.Upstream.Dns;

/// <summary>How a look-up ended.</summary>
public enum DnsStatus : byte
{
    None = 0,

    /// <summary>Answered, perhaps that there is no address.</summary>
    Completed,

    /// <summary>No answer: what was known before stays.</summary>
    Failure,
}

/// <summary>Who asked. Thread: main.</summary>
public abstract class DnsResultHandler
{
    /// <summary>The answer is in the query; not called after <see cref="DnsQuery.Cancel"/>.</summary>
    public abstract void OnResolved(DnsQuery query);
}

/// <summary>One look-up: asked on main, answered by a resolver's thread, delivered on main.</summary>
public sealed class DnsQuery : PostedWork
{
    private readonly DnsResultHandler _handler;
    private bool _isCancelled;

    public DnsQuery(string name, DnsLookupFamily family, DnsResultHandler handler)
    {
        Name = name;
        Family = family;
        _handler = handler;
    }

    public string Name { get; }

    public DnsLookupFamily Family { get; }

    public DnsStatus Status { get; private set; }

    /// <summary>The wanted ones in the resolver's order.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; private set; } = [];

    /// <summary>The handler will not be called. Thread: main.</summary>
    public void Cancel() => _isCancelled = true;

    /// <summary>Sets the answer, which is then posted to main. Thread: the resolver's.</summary>
    public void Complete(DnsStatus status, IReadOnlyList<IPAddress> addresses)
    {
        Status = status;
        Addresses = addresses;
    }

    public override void Run(Dispatcher dispatcher)
    {
        if (!_isCancelled)
        {
            _handler.OnResolved(this);
        }
    }
}

/// <summary>Turns names into addresses. Thread: main.</summary>
public abstract class DnsResolver
{
    /// <summary>Begins a look-up; the answer comes from main's loop, never inside the call.</summary>
    public abstract void Resolve(DnsQuery query);
}
