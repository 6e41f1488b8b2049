using System;
using System.Collections.Generic;
using Sidecar.Xds.Mux;
using Sidecar.Xds.Subscriptions;

namespace Sidecar.Xds.Tests.Harness;

/// <summary>A watch that writes down what it hears: <c>+a +b -c @version</c>, and rejects the names that the test dislikes.</summary>
internal sealed class RecordingWatch : WatchCallbacks
{
    public List<string> Events { get; } = [];

    public HashSet<string> Bad { get; } = [];

    public Action? DuringUpdate { get; set; }

    public override UpdateResult OnUpdate(IReadOnlyList<XdsResource> added, IReadOnlyList<string> removed, string version)
    {
        List<string> words = [];
        List<string> failed = [];
        foreach (XdsResource resource in added)
        {
            words.Add("+" + resource.Name);
            if (Bad.Contains(resource.Name))
            {
                failed.Add(resource.Name);
            }
        }

        foreach (string name in removed)
        {
            words.Add("-" + name);
        }

        words.Add("@" + version);
        Events.Add(string.Join(' ', words));
        DuringUpdate?.Invoke();
        return failed.Count == 0 ? UpdateResult.Accepted : UpdateResult.Rejected("bad: " + string.Join(", ", failed), failed);
    }

    public override void OnResponseRejected(string error) => Events.Add("rejected: " + error);

    public override void OnConnectionFailed() => Events.Add("connection failed");
}
