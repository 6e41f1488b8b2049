namespace Sidecar.Config.Tree;

/// <summary>Bounds on documents, against hostile or mistaken input.</summary>
public static class DocumentLimits
{
    /// <summary>Nesting of mappings and sequences; protobuf's own limit for messages is 100.</summary>
    public const int MaxDepth = 200;

    /// <summary>Nodes of a document with YAML aliases expanded.</summary>
    public const long MaxExpandedNodes = 4_000_000;
}
