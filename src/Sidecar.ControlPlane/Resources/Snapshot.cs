using System;
using System.Collections.Generic;
using System.Text;

namespace Sidecar.ControlPlane.Resources;

/// <summary>Every resource of the folder at one moment. Immutable, any thread.</summary>
public sealed class Snapshot
{
    private static readonly SortedDictionary<string, Resource> s_none = new(StringComparer.Ordinal);

    private readonly SortedDictionary<string, Resource>[] _byType;

    private Snapshot(SortedDictionary<string, Resource>[] byType)
    {
        _byType = byType;
        StringBuilder all = new();
        foreach (SortedDictionary<string, Resource> ofType in byType)
        {
            foreach (Resource resource in ofType.Values)
            {
                all.Append(resource.Type.Order).Append('/').Append(resource.Name).Append('=').Append(resource.Version).Append('\n');
                Count++;
            }
        }

        Version = Resource.VersionOf(Encoding.UTF8.GetBytes(all.ToString()));
    }

    /// <summary>The version of the whole: changes when any resource is changed, added or removed.</summary>
    public string Version { get; }

    /// <summary>Resources of all types.</summary>
    public int Count { get; }

    /// <summary>Makes a snapshot of resources whose type and name are unique.</summary>
    public static Snapshot Of(IEnumerable<Resource> resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        SortedDictionary<string, Resource>[] byType = Empty();
        foreach (Resource resource in resources)
        {
            OfType(byType, resource.Type).Add(resource.Name, resource);
        }

        return new Snapshot(byType);
    }

    /// <summary>The resources of one type, by name.</summary>
    public IReadOnlyDictionary<string, Resource> this[ResourceType type]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(type);
            return _byType[type.Order];
        }
    }

    /// <summary>
    /// This snapshot and what only <paramref name="previous"/> has. Sent first, it lets a client take up the new before it loses the old:
    /// a cluster goes away only after the routes to it have.
    /// </summary>
    public Snapshot Union(Snapshot previous)
    {
        ArgumentNullException.ThrowIfNull(previous);
        SortedDictionary<string, Resource>[] byType = Empty();
        for (int i = 0; i < byType.Length; i++)
        {
            foreach (Resource resource in _byType[i].Values)
            {
                OfType(byType, resource.Type).Add(resource.Name, resource);
            }

            foreach (Resource resource in previous._byType[i].Values)
            {
                OfType(byType, resource.Type).TryAdd(resource.Name, resource);
            }
        }

        return new Snapshot(byType);
    }

    private static SortedDictionary<string, Resource>[] Empty()
    {
        SortedDictionary<string, Resource>[] byType = new SortedDictionary<string, Resource>[ResourceType.All.Count];
        Array.Fill(byType, s_none);
        return byType;
    }

    /// <summary>Types without resources share one dictionary, which is never written to.</summary>
    private static SortedDictionary<string, Resource> OfType(SortedDictionary<string, Resource>[] byType, ResourceType type)
    {
        if (ReferenceEquals(byType[type.Order], s_none))
        {
            byType[type.Order] = new SortedDictionary<string, Resource>(StringComparer.Ordinal);
        }

        return byType[type.Order];
    }
}
