using System;
using System.Buffers.Binary;
using Sidecar.Core.Errors;
using Sidecar.Http.Errors;
using Sidecar.Http.Http2.Frames;

namespace Sidecar.Http.Http2;

/// <summary>
/// What the peer's SETTINGS said last (RFC 9113 section 6.5.2). Its frame size is of no use: we send the smallest maximum. Thread: the
/// worker.
/// </summary>
internal struct PeerSettings
{
    private const int ParameterBytes = 6;

    public PeerSettings()
    {
    }

    public uint HeaderTableBytes = Hpack.HpackDecoder.DefaultTableBytes;

    public uint MaxConcurrentStreams = uint.MaxValue;

    public int InitialWindowBytes = Http2Settings.DefaultWindowBytes;

    public bool AllowsConnectProtocol;

    /// <summary>Applies a SETTINGS payload, checked for its length.</summary>
    public ErrorDetail? Apply(ReadOnlySpan<byte> payload, bool peerIsServer)
    {
        for (; payload.Length >= ParameterBytes; payload = payload[ParameterBytes..])
        {
            uint value = BinaryPrimitives.ReadUInt32BigEndian(payload[2..]);
            ErrorDetail? error = Apply((SettingId)BinaryPrimitives.ReadUInt16BigEndian(payload), value, peerIsServer);
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }

    private ErrorDetail? Apply(SettingId id, uint value, bool peerIsServer)
    {
        switch (id)
        {
            case SettingId.HeaderTableSize:
                HeaderTableBytes = value;
                return null;
            case SettingId.EnablePush:
                // A server must not offer to take pushes (RFC 9113 section 6.5.2).
                return value <= (peerIsServer ? 0u : 1u) ? null : Http2Errors.InvalidSetting;
            case SettingId.MaxConcurrentStreams:
                MaxConcurrentStreams = value;
                return null;
            case SettingId.InitialWindowSize:
                InitialWindowBytes = (int)value;
                return value <= int.MaxValue ? null : Http2Errors.InvalidWindowSetting;
            case SettingId.MaxFrameSize:
                return value is >= FrameHeader.MaxPayloadBytes and <= 0xFF_FFFF ? null : Http2Errors.InvalidSetting;
            case SettingId.EnableConnectProtocol:
                bool withdrawn = AllowsConnectProtocol && value == 0;
                AllowsConnectProtocol = value == 1;
                return value <= 1 && !withdrawn ? null : Http2Errors.InvalidSetting;
            default:
                return null;
        }
    }
}
