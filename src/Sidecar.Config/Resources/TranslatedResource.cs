using System.Collections.Generic;
using Sidecar.Config.Conversion;
using Sidecar.Config.Tree;
using Sidecar.Core.Stats;

namespace Sidecar.Config.Resources;

/// <summary>What became of one resource: a model, or the reasons why there is none. Immutable. Thread: main.</summary>
public abstract class TranslatedResource
{
    private protected TranslatedResource(string name, ResourceFindings findings)
    {
        Name = name;
        Findings = findings;
    }

    /// <summary>The resource's own name; empty when it could not be read.</summary>
    public string Name { get; }

    public bool IsAccepted => Findings.Errors.IsEmpty;

    /// <summary>All that is wrong, each with its path; their text is the NACK's.</summary>
    public ConfigErrors Errors => Findings.Errors;

    /// <summary>What is set and not acted on: to warn of, to count, and to list in /config/unsupported.</summary>
    public IReadOnlyList<string> Unsupported => Findings.Unsupported;

    /// <summary>Fields that work but are deprecated.</summary>
    public IReadOnlyList<string> Deprecated => Findings.Deprecated;

    /// <summary>What must be known before the resource serves.</summary>
    public IReadOnlyList<ResourceSubscription> Subscriptions => Findings.Subscriptions;

    /// <summary>Stats that the model counts into; whoever drops the model releases them. Empty when it was rejected.</summary>
    public IReadOnlyList<StatStore.Instance> Stats => Findings.Stats;

    private protected ResourceFindings Findings { get; }
}

/// <summary>A resource and its model.</summary>
/// <typeparam name="TModel">What the workers use.</typeparam>
public sealed class TranslatedResource<TModel> : TranslatedResource
    where TModel : class
{
    internal TranslatedResource(string name, TModel? model, ResourceFindings findings)
        : base(name, findings)
    {
        Model = findings.Errors.IsEmpty ? model : null;
    }

    /// <summary>Null when the resource was rejected.</summary>
    public TModel? Model { get; }
}

/// <summary>What was found on the way from the message to the model. Immutable.</summary>
internal sealed record ResourceFindings(
    ConfigErrors Errors,
    IReadOnlyList<string> Unsupported,
    IReadOnlyList<string> Deprecated,
    IReadOnlyList<ResourceSubscription> Subscriptions,
    IReadOnlyList<StatStore.Instance> Stats);
