using System.Collections.Generic;

namespace Sidecar.Upstream.Clusters;

/// <summary>
/// Dense ids for the names of clusters, existing or only mentioned by a route: a request then finds its cluster by an array index. An id
/// stays its name's for the life of the process. Thread: main.
/// </summary>
public sealed class ClusterNames
{
    private readonly Dictionary<string, int> _ids = [];
    private readonly List<string> _names = [];

    public int Count => _names.Count;

    /// <summary>The id of a name; made at its first mention.</summary>
    public int Intern(string name)
    {
        if (!_ids.TryGetValue(name, out int id))
        {
            id = _names.Count;
            _ids.Add(name, id);
            _names.Add(name);
        }

        return id;
    }

    public string NameOf(int id) => _names[id];
}
