using System;
using System.Text;

namespace Sidecar.Proxy.Routing;

/// <summary>A cluster as routes name it: the name and the number under which the cluster manager finds it. Immutable; thread: any.</summary>
public sealed class ClusterRef
{
    private readonly byte[] _nameBytes;

    public ClusterRef(string name, int id)
    {
        Name = name;
        Id = id;
        _nameBytes = Encoding.UTF8.GetBytes(name);
    }

    public string Name { get; }

    /// <summary>What the interner given to the route table made of the name.</summary>
    public int Id { get; }

    public ReadOnlySpan<byte> NameBytes => _nameBytes;

    public override string ToString() => Name;
}
