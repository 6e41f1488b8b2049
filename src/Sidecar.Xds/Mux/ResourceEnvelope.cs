using System;
using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Core.Hashing;
using Envelope = Envoy.Service.Discovery.V3.Resource;

namespace Sidecar.Xds.Mux;

/// <summary>Reads what stands around a resource: its name, and the Resource message that carries a time to live. Pure.</summary>
internal static class ResourceEnvelope
{
    public const string WrapperTypeUrl = "type.googleapis.com/envoy.service.discovery.v3.Resource";

    private const int NameField = 1;

    /// <summary>
    /// The name of a resource that came without one. Every resource type of the API has its name (or cluster_name) in field 1.
    /// </summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no message.</exception>
    public static string NameOf(ByteString value)
    {
        CodedInputStream input = value.CreateCodedInput();
        string name = string.Empty;
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == NameField && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                name = input.ReadString();
            }
            else
            {
                input.SkipLastField();
            }
        }

        return name;
    }

    /// <summary>The time to live in milliseconds, null without one; never less than one.</summary>
    public static long? TtlMs(Envelope envelope) => envelope.Ttl is { } ttl
        ? Math.Max(1, (Math.Clamp(ttl.Seconds, 0, int.MaxValue) * 1000) + (ttl.Nanos / 1_000_000))
        : null;

    /// <summary>Adds a resource to the fingerprint of a response.</summary>
    public static ulong Mix(ulong fingerprint, string name, Any? body)
    {
        Span<byte> seed = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(seed, fingerprint);
        ulong hash = XxHash64.Hash(seed, XxHash64.Hash(Encoding.UTF8.GetBytes(name)));
        return body is null ? hash : XxHash64.Hash(body.Value.Span, hash);
    }
}
