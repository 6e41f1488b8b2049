using System;

namespace Sidecar.Xds.Subscriptions;

/// <summary>One resource as it was received. Immutable; thread: any.</summary>
/// <param name="Name">What subscriptions call it.</param>
/// <param name="Version">Its own version (incremental), or the response's (state of the world).</param>
/// <param name="TypeUrl">The type of <paramref name="Value"/>.</param>
/// <param name="Value">The message's wire bytes (the Any's value), kept for /config_dump.</param>
public sealed record XdsResource(string Name, string Version, string TypeUrl, ReadOnlyMemory<byte> Value);
