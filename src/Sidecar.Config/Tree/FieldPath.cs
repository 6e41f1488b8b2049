using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Sidecar.Config.Tree;

/// <summary>
/// The way from a message to a field of it, kept as a stack while a message is walked and written out only when there is something to
/// tell. One thread.
/// </summary>
public sealed class FieldPath
{
    private readonly List<(string? Name, int Index)> _segments = [];

    /// <summary>
    /// An empty path below <paramref name="root"/>, e.g. the name of a resource; it stands before the path, parted by a colon.
    /// </summary>
    public FieldPath(string root = "")
    {
        Root = root;
    }

    public string Root { get; }

    /// <summary>Segments on the stack, which is also how deep the walk is.</summary>
    public int Depth => _segments.Count;

    public void PushField(string name) => _segments.Add((name, -1));

    /// <summary>Enters an item of a repeated field.</summary>
    public void PushIndex(int index) => _segments.Add((null, index));

    /// <summary>Enters an entry of a map.</summary>
    public void PushKey(string key) => _segments.Add((key, -2));

    public void Pop() => _segments.RemoveAt(_segments.Count - 1);

    public override string ToString()
    {
        StringBuilder text = new();
        foreach ((string? name, int index) in _segments)
        {
            if (name is null)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            }
            else if (index == -2)
            {
                text.Append('[').Append(name).Append(']');
            }
            else
            {
                text.Append(text.Length == 0 ? "" : ".").Append(name);
            }
        }

        return Root.Length == 0 ? text.ToString() : text.Length == 0 ? Root : $"{Root}: {text}";
    }
}
