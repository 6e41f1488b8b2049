using System;

namespace Sidecar.ControlPlane.Sessions;

/// <summary>Says which nodes are served: ids that match a pattern in which * stands for any text.</summary>
public sealed class NodeFilter(string pattern)
{
    /// <summary>Lets every node pass.</summary>
    public static NodeFilter All { get; } = new("*");

    /// <summary>True if the node of that id is served.</summary>
    public bool Allows(string nodeId)
    {
        string[] parts = pattern.Split('*');
        if (parts.Length == 1)
        {
            return nodeId == pattern;
        }

        if (!nodeId.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        int at = parts[0].Length;
        for (int i = 1; i < parts.Length - 1; i++)
        {
            int found = nodeId.IndexOf(parts[i], at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + parts[i].Length;
        }

        return nodeId.Length - at >= parts[^1].Length && nodeId.EndsWith(parts[^1], StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public override string ToString() => pattern;
}
