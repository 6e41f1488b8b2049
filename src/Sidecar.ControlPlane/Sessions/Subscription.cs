using System;
using System.Collections.Generic;
using Sidecar.ControlPlane.Resources;

namespace Sidecar.ControlPlane.Sessions;

/// <summary>What one stream has asked for and been sent of one type. Owned by its session.</summary>
internal sealed class Subscription(ResourceType type)
{
    /// <summary>The version under which <see cref="Known"/> notes that the client was told that a resource does not exist.</summary>
    internal const string Absent = "";

    internal ResourceType Type { get; } = type;

    /// <summary>The names asked for; a wildcard subscription may have some as well.</summary>
    internal HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>True if every resource of the type is asked for.</summary>
    internal bool IsWildcard { get; set; }

    /// <summary>True once a request has named resources: from then on an empty list of names means none, not all.</summary>
    internal bool HasNamedAny { get; set; }

    /// <summary>True until the first response: a wildcard client waits for that one even if there is nothing to tell.</summary>
    internal bool IsUnanswered { get; set; } = true;

    /// <summary>
    /// Name to version of what the client has, or has been sent. A rejected resource stays here, so it is not sent again before it changes.
    /// </summary>
    internal Dictionary<string, string> Known { get; } = new(StringComparer.Ordinal);

    /// <summary>The nonce of the last response, empty before the first.</summary>
    internal string LastNonce { get; private set; } = "";

    /// <summary>The version of the last response.</summary>
    internal string LastVersion { get; private set; } = "";

    /// <summary>True between a response and its ACK or NACK.</summary>
    internal bool AwaitsAnswer { get; private set; }

    /// <summary>True if the resource of that name is asked for.</summary>
    internal bool Wants(string name) => IsWildcard || Names.Contains(name);

    /// <summary>The resources of <paramref name="snapshot"/> that are asked for, by name.</summary>
    internal IEnumerable<Resource> Select(Snapshot snapshot)
    {
        foreach (Resource resource in snapshot[Type].Values)
        {
            if (Wants(resource.Name))
            {
                yield return resource;
            }
        }
    }

    /// <summary>Forgets what the client no longer asks for.</summary>
    internal void ForgetUnwanted()
    {
        foreach (string name in (List<string>)[.. Known.Keys])
        {
            if (!Wants(name))
            {
                Known.Remove(name);
            }
        }
    }

    internal void OnSent(string nonce, string version)
    {
        LastNonce = nonce;
        LastVersion = version;
        AwaitsAnswer = true;
        IsUnanswered = false;
    }

    /// <summary>Notes an ACK or a NACK; one for an older response changes nothing.</summary>
    internal void OnAnswer(string nonce)
    {
        if (nonce == LastNonce)
        {
            AwaitsAnswer = false;
        }
    }
}
