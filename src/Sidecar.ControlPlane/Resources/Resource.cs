using System;
using System.Security.Cryptography;
using Google.Protobuf;
using Sidecar.Config.Tree;

namespace Sidecar.ControlPlane.Resources;

/// <summary>One resource of a snapshot. Immutable, any thread.</summary>
public sealed class Resource
{
    /// <summary>Takes the bytes over.</summary>
    public Resource(ResourceType type, string name, byte[] wireBytes, SourcePosition position)
    {
        ArgumentNullException.ThrowIfNull(wireBytes);
        Type = type;
        Name = name;
        Bytes = UnsafeByteOperations.UnsafeWrap(wireBytes);
        Position = position;
        Version = VersionOf(wireBytes);
    }

    public ResourceType Type { get; }

    public string Name { get; }

    /// <summary>The message, as wire bytes.</summary>
    public ByteString Bytes { get; }

    /// <summary>Where it was written, for messages about duplicates.</summary>
    public SourcePosition Position { get; }

    /// <summary>A hash of the content: the same text has the same version, also after a restart of this server.</summary>
    public string Version { get; }

    /// <summary>The version of any content: 16 hexadecimal digits.</summary>
    public static string VersionOf(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return Convert.ToHexStringLower(hash[..8]);
    }
}
