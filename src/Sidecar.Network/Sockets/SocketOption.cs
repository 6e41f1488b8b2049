namespace Sidecar.Network.Sockets;

/// <summary>One setsockopt call of the configuration. Immutable.</summary>
/// <param name="Level">SOL_SOCKET, IPPROTO_TCP, ...</param>
/// <param name="Name">Number of the option.</param>
/// <param name="Value">The bytes to set.</param>
public sealed record SocketOption(int Level, int Name, byte[] Value);
