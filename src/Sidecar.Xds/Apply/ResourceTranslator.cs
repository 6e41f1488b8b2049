using System.Collections.Generic;
using Envoy.Config.Core.V3;
using Sidecar.Config.Tree;
using Sidecar.Xds.Subscriptions;

namespace Sidecar.Xds.Apply;

/// <summary>Another resource without which a resource cannot serve: a listener's routes, a cluster's endpoints. Immutable.</summary>
/// <param name="TypeUrl">Its type.</param>
/// <param name="Name">Its name; for endpoints the service name or the cluster's.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="StatScope">
/// Scope of its subscription's stats, with its final dot: <c>http.ingress.rds.local.</c>; unused for endpoints, whose scope is the
/// cluster's.
/// </param>
public sealed record ResourceNeed(string TypeUrl, string Name, ConfigSource Source, string StatScope);

/// <summary>
/// From the wire bytes of a resource to the model that the workers use: rules, unknown and unsupported fields, conversion. The converters
/// of Sidecar.Config stand behind it; tests put their own. Thread: main.
/// </summary>
/// <typeparam name="TModel">What comes out.</typeparam>
public abstract class ResourceTranslator<TModel>
    where TModel : class
{
    /// <summary>
    /// The model, or null with the reasons in <paramref name="errors"/>;
    /// what it needs besides goes to <paramref name="needs"/>.
    /// </summary>
    public abstract TModel? Translate(XdsResource resource, ConfigErrors errors, List<ResourceNeed> needs);
}

/// <summary>Told what becomes of each resource, for /config_dump, the history and the last-known-good store. Thread: main.</summary>
public abstract class ResourceObserver
{
    /// <summary>It was accepted and takes effect, at once or when it is warm.</summary>
    public virtual void OnAccepted(XdsResource resource, bool isWarming)
    {
    }

    /// <summary>What was warming is in force.</summary>
    public virtual void OnActivated(string typeUrl, string name)
    {
    }

    /// <summary>It was rejected; what ran before goes on.</summary>
    public virtual void OnRejected(XdsResource resource, string error)
    {
    }

    public virtual void OnRemoved(string typeUrl, string name)
    {
    }

    /// <summary>A response was accepted as a whole or in part; its version.</summary>
    public virtual void OnVersion(string typeUrl, string version)
    {
    }
}

/// <summary>Nobody wants to know.</summary>
public sealed class NoResourceObserver : ResourceObserver
{
    public static readonly NoResourceObserver Instance = new();
}
