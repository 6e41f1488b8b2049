using System.Collections.Generic;
using Sidecar.Xds.Subscriptions;

namespace Sidecar.Xds.Mux;

/// <summary>How the interest of all watches of a type changed.</summary>
internal readonly record struct InterestChange(IReadOnlyList<string> Added, IReadOnlyList<string> Removed)
{
    public bool IsEmpty => Added.Count == 0 && Removed.Count == 0;
}

/// <summary>
/// Who is interested in which resource of one type, and the last good version of each named one: a watch that comes late for a name that
/// is already subscribed gets it from here, because the server has no reason to send it again. Thread: main.
/// </summary>
internal sealed class WatchMap
{
    private readonly Dictionary<string, List<XdsWatch>> _byName = [];
    private readonly Dictionary<string, XdsResource> _lastGood = [];
    private readonly List<(XdsWatch Watch, string Name)> _replays = [];
    private readonly bool _keepsLastGood;

    /// <param name="keepsLastGood">False for types that one user watches as a whole and keeps himself.</param>
    public WatchMap(bool keepsLastGood) => _keepsLastGood = keepsLastGood;

    public bool HasReplays => _replays.Count > 0;

    /// <summary>Sets a watch's names; says which names are new or gone over all watches.</summary>
    public InterestChange Update(XdsWatch watch, HashSet<string> names)
    {
        List<string> added = [];
        List<string> removed = [];
        foreach (string name in names)
        {
            if (!watch.Names.Contains(name))
            {
                Enter(watch, name, added);
            }
        }

        foreach (string name in watch.Names)
        {
            bool isGone = !names.Contains(name);
            if (isGone && _byName.TryGetValue(name, out List<XdsWatch>? watches) && watches.Remove(watch) && watches.Count == 0)
            {
                _byName.Remove(name);
                _lastGood.Remove(name);
                removed.Add(name);
            }
        }

        watch.SetNames(names);
        return new InterestChange(added, removed);
    }

    /// <summary>Hands each watch its part; errors of all are joined.</summary>
    public UpdateResult Deliver(IReadOnlyList<XdsResource> added, IReadOnlyList<string> removed, string version)
    {
        string? error = null;
        HashSet<string>? failed = null;
        foreach ((XdsWatch watch, Parcel parcel) in Sort(added, removed))
        {
            if (watch.IsRemoved)
            {
                continue;
            }

            UpdateResult result = watch.Callbacks.OnUpdate(parcel.Added, parcel.Removed, version);
            if (!result.IsAccepted)
            {
                error = error is null ? result.Error : error + "\n" + result.Error;
                failed ??= [];
                failed.UnionWith(result.FailedNames ?? parcel.AddedNames());
            }
        }

        Remember(added, removed, failed);
        return error is null ? UpdateResult.Accepted : UpdateResult.Rejected(error, failed);
    }

    /// <summary>Tells late watches what others already know.</summary>
    public void Replay()
    {
        (XdsWatch Watch, string Name)[] replays = [.. _replays];
        _replays.Clear();
        foreach ((XdsWatch watch, string name) in replays)
        {
            if (!watch.IsRemoved && watch.Names.Contains(name) && _lastGood.TryGetValue(name, out XdsResource? resource))
            {
                _ = watch.Callbacks.OnUpdate([resource], [], resource.Version);
            }
        }
    }

    /// <summary>Every watch once.</summary>
    public List<XdsWatch> All()
    {
        HashSet<XdsWatch> seen = [];
        List<XdsWatch> all = [];
        foreach (List<XdsWatch> watches in _byName.Values)
        {
            foreach (XdsWatch watch in watches)
            {
                if (seen.Add(watch))
                {
                    all.Add(watch);
                }
            }
        }

        return all;
    }

    private void Enter(XdsWatch watch, string name, List<string> added)
    {
        if (!_byName.TryGetValue(name, out List<XdsWatch>? watches))
        {
            _byName.Add(name, watches = []);
            added.Add(name);
        }

        watches.Add(watch);
        if (_lastGood.ContainsKey(name))
        {
            _replays.Add((watch, name));
        }
    }

    private void Remember(IReadOnlyList<XdsResource> added, IReadOnlyList<string> removed, HashSet<string>? failed)
    {
        if (!_keepsLastGood)
        {
            return;
        }

        foreach (XdsResource resource in added)
        {
            if (_byName.ContainsKey(resource.Name) && failed?.Contains(resource.Name) != true)
            {
                _lastGood[resource.Name] = resource;
            }
        }

        foreach (string name in removed)
        {
            _lastGood.Remove(name);
        }
    }

    private Dictionary<XdsWatch, Parcel> Sort(IReadOnlyList<XdsResource> added, IReadOnlyList<string> removed)
    {
        Dictionary<XdsWatch, Parcel> parcels = [];
        if (_byName.TryGetValue(XdsWatch.Wildcard, out List<XdsWatch>? wildcards))
        {
            // A wildcard watch hears of every response, also of an empty one: it says that there is nothing.
            foreach (XdsWatch watch in wildcards)
            {
                parcels.Add(watch, new Parcel());
            }
        }

        foreach (XdsResource resource in added)
        {
            foreach (XdsWatch watch in Interested(resource.Name))
            {
                ParcelOf(parcels, watch).Added.Add(resource);
            }
        }

        foreach (string name in removed)
        {
            foreach (XdsWatch watch in Interested(name))
            {
                ParcelOf(parcels, watch).Removed.Add(name);
            }
        }

        return parcels;
    }

    private IEnumerable<XdsWatch> Interested(string name)
    {
        if (_byName.TryGetValue(XdsWatch.Wildcard, out List<XdsWatch>? wildcards))
        {
            foreach (XdsWatch watch in wildcards)
            {
                yield return watch;
            }
        }

        if (_byName.TryGetValue(name, out List<XdsWatch>? watches))
        {
            foreach (XdsWatch watch in watches)
            {
                if (!watch.IsWildcard)
                {
                    yield return watch;
                }
            }
        }
    }

    private static Parcel ParcelOf(Dictionary<XdsWatch, Parcel> parcels, XdsWatch watch)
    {
        if (!parcels.TryGetValue(watch, out Parcel? parcel))
        {
            parcels.Add(watch, parcel = new Parcel());
        }

        return parcel;
    }

    private sealed class Parcel
    {
        public List<XdsResource> Added { get; } = [];

        public List<string> Removed { get; } = [];

        public IEnumerable<string> AddedNames()
        {
            foreach (XdsResource resource in Added)
            {
                yield return resource.Name;
            }
        }
    }
}
