namespace Sidecar.Http.Http2.Frames;

/// <summary>SETTINGS parameters (RFC 9113 section 6.5.2, RFC 8441 section 3).</summary>
public enum SettingId : ushort
{
    None = 0,
    HeaderTableSize = 0x1,
    EnablePush = 0x2,
    MaxConcurrentStreams = 0x3,
    InitialWindowSize = 0x4,
    MaxFrameSize = 0x5,
    MaxHeaderListSize = 0x6,
    EnableConnectProtocol = 0x8,
}
