using System;
using System.Collections.Generic;

namespace Sidecar.Config.Schema;

/// <summary>The fields that a mask such as "cluster.name,version_info" selects, as a tree. Immutable once parsed.</summary>
public sealed class FieldMaskTree
{
    private readonly Dictionary<string, FieldMaskTree> _children = new(StringComparer.Ordinal);

    /// <summary>Parses comma-separated paths in either spelling; null, which selects everything, for an empty mask.</summary>
    public static FieldMaskTree? Parse(string mask)
    {
        FieldMaskTree root = new();
        foreach (string path in mask.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            FieldMaskTree at = root;
            foreach (string segment in FieldMaskText.ToSnakeCase(path).Split('.'))
            {
                if (!at._children.TryGetValue(segment, out FieldMaskTree? child))
                {
                    at._children.Add(segment, child = new FieldMaskTree());
                }

                at = child;
            }
        }

        return root._children.Count == 0 ? null : root;
    }

    /// <summary>Whether a field is selected, and by what part of the mask its own fields are.</summary>
    /// <param name="name">The field's snake_case name.</param>
    /// <param name="inner">The mask below the field; null selects all of it.</param>
    public bool Selects(string name, out FieldMaskTree? inner)
    {
        bool isSelected = _children.TryGetValue(name, out FieldMaskTree? child);
        inner = child is { _children.Count: > 0 } ? child : null;
        return isSelected;
    }
}
