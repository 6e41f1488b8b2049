namespace Sidecar.ControlPlane.Resources;

/// <summary>A file of the folder as read.</summary>
/// <param name="Path">Its path as told to the user.</param>
/// <param name="Content">Its bytes.</param>
public readonly record struct ResourceFile(string Path, byte[] Content);
