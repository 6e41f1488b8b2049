using System;
using System.IO;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Sidecar.Config.Schema;
using Sidecar.Config.Tree;

namespace Sidecar.Xds.Subscriptions;

/// <summary>Reads a DiscoveryResponse from a file: YAML, JSON, or binary (<c>.pb</c>). Thread: main.</summary>
internal static class DiscoveryFile
{
    private const string MessageName = "envoy.service.discovery.v3.DiscoveryResponse";

    /// <summary>The response; null with the reasons in <paramref name="errors"/>.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static DiscoveryResponse? Read(string path, ConfigErrors errors)
    {
        byte[] content = File.ReadAllBytes(path);
        if (!path.EndsWith(".pb", StringComparison.OrdinalIgnoreCase))
        {
            ConfigNode? document = ConfigTree.Read(content, path, errors);
            if (document is null || !errors.IsEmpty)
            {
                return null;
            }

            content = WireEncoder.Encode(SchemaTable.Api, SchemaTable.Api.GetMessage(MessageName), document, errors);
            errors.RejectUnknownFields();
        }

        try
        {
            return errors.IsEmpty ? DiscoveryResponse.Parser.ParseFrom(content) : null;
        }
        catch (InvalidProtocolBufferException malformed)
        {
            errors.Add(new SourcePosition(path, 0, 0), string.Empty, malformed.Message);
            return null;
        }
    }
}
