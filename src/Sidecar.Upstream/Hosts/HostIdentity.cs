namespace Sidecar.Upstream.Hosts;

/// <summary>By what a host is recognised when discovery names it again.</summary>
public enum HostIdentity : byte
{
    /// <summary>Its address; of duplicates the first one wins.</summary>
    Address = 0,

    /// <summary>Its address; a STATIC cluster may list one twice to give it twice the traffic.</summary>
    AddressWithDuplicates,

    /// <summary>Its name: the one host of a LOGICAL_DNS cluster, whose address changes under open connections.</summary>
    Hostname,
}
