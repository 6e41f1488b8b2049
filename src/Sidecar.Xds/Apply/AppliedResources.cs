using System;
using System.Collections.Generic;
using Sidecar.Core.Hashing;

namespace Sidecar.Xds.Apply;

/// <summary>
/// Which bytes of each resource were applied last: a state-of-the-world response repeats everything, and what did not change is not
/// translated again. Thread: main.
/// </summary>
internal sealed class AppliedResources
{
    private readonly Dictionary<string, ulong> _hashes = [];

    public bool IsApplied(string name, ReadOnlyMemory<byte> bytes) =>
        _hashes.TryGetValue(name, out ulong hash) && hash == XxHash64.Hash(bytes.Span);

    public void Set(string name, ReadOnlyMemory<byte> bytes) => _hashes[name] = XxHash64.Hash(bytes.Span);

    public void Forget(string name) => _hashes.Remove(name);
}
