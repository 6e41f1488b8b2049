using System.Collections.Generic;

namespace Sidecar.Xds.Subscriptions;

/// <summary>What became of an update: <c>default</c> means that all of it took effect.</summary>
public readonly struct UpdateResult
{
    private UpdateResult(string error, IReadOnlyCollection<string>? failedNames)
    {
        Error = error;
        FailedNames = failedNames;
    }

    public static UpdateResult Accepted => default;

    /// <summary>The NACK's text; null when everything was accepted.</summary>
    public string? Error { get; }

    /// <summary>The resources that did not take effect while the others did; null when none did.</summary>
    public IReadOnlyCollection<string>? FailedNames { get; }

    public bool IsAccepted => Error is null;

    /// <summary>Nothing, or not everything, was accepted.</summary>
    /// <param name="error">For the NACK: all errors with their fields.</param>
    /// <param name="failedNames">Which resources failed; null for all of them.</param>
    public static UpdateResult Rejected(string error, IReadOnlyCollection<string>? failedNames = null) => new(error, failedNames);
}
