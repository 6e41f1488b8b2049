namespace Sidecar.Http.Headers;

/// <summary>Where one header lies in its map's arena. Sixteen bytes.</summary>
internal struct HeaderEntry
{
    public int NameOffset;
    public int ValueOffset;
    public int ValueLength;
    public ushort NameLength;
    public HeaderId Id;
    public EntryState State;
}

/// <summary>Whether an entry still counts.</summary>
internal enum EntryState : byte
{
    Live = 0,
    Removed,
}
