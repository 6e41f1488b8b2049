namespace Sidecar.Xds.Mux;

/// <summary>The answer to one response, waiting to be sent.</summary>
/// <param name="Nonce">Of the response.</param>
/// <param name="Version">State of the world: the version in force after the response; empty otherwise.</param>
/// <param name="Error">Why it was rejected; null for an ACK.</param>
internal sealed record PendingAck(string Nonce, string Version, string? Error);
