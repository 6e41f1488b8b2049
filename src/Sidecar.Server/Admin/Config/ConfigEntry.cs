using System;

namespace Sidecar.Server.Admin.Config;

/// <summary>A version of a resource that was accepted. Immutable; thread: any.</summary>
/// <param name="Version">The version it came with; empty for static ones.</param>
/// <param name="Resource">The message's wire bytes, as received.</param>
/// <param name="UpdatedUnixNs">When it was accepted.</param>
public sealed record ConfigVersion(string Version, ReadOnlyMemory<byte> Resource, long UpdatedUnixNs);

/// <summary>A version of a resource that was rejected. Immutable; thread: any.</summary>
/// <param name="Version">The version it came with.</param>
/// <param name="Resource">The message's wire bytes; empty when they could not be made out.</param>
/// <param name="Details">What was sent with the NACK.</param>
/// <param name="AttemptUnixNs">When it was tried.</param>
public sealed record ConfigFailure(string Version, ReadOnlyMemory<byte> Resource, string Details, long AttemptUnixNs);

/// <summary>What is known about one resource. Immutable: a change makes a new one, so a dump may take its time. Thread: any.</summary>
public sealed record ConfigEntry
{
    public required ConfigKind Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>From the bootstrap: it neither changes nor goes.</summary>
    public bool IsStatic { get; init; }

    /// <summary>Serves traffic.</summary>
    public ConfigVersion? Active { get; init; }

    /// <summary>Accepted; waits for what it refers to.</summary>
    public ConfigVersion? Warming { get; init; }

    /// <summary>Removed or replaced; its connections finish.</summary>
    public ConfigVersion? Draining { get; init; }

    /// <summary>The last update failed; cleared by the next one that does not.</summary>
    public ConfigFailure? Failure { get; init; }

    /// <summary>The newest accepted version.</summary>
    public ConfigVersion? Latest => Warming ?? Active ?? Draining;
}
