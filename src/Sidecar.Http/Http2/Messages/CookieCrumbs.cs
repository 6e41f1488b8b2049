using System;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http2.Messages;

/// <summary>Joins cookie fields into one with "; ", as a message leaving HTTP/2 must (RFC 9113 section 8.2.3). Thread: any.</summary>
internal static class CookieCrumbs
{
    public static void Join(HeaderMap map)
    {
        int total = -2;
        for (int i = map.IndexOf(HeaderId.Cookie, -1); i >= 0; i = map.IndexOf(HeaderId.Cookie, i))
        {
            total += map.ValueAt(i).Length + 2;
        }

        // The whole is gathered in free bytes of the arena and committed as one more field, which then takes the first one's place.
        Span<byte> room = map.ReserveArena(total);
        int at = 0;
        for (int i = map.IndexOf(HeaderId.Cookie, -1); i >= 0; i = map.IndexOf(HeaderId.Cookie, i))
        {
            if (at > 0)
            {
                "; "u8.CopyTo(room[at..]);
                at += 2;
            }

            map.ValueAt(i).CopyTo(room[at..]);
            at += map.ValueAt(i).Length;
        }

        map.Remove(HeaderId.Cookie);
        map.CommitParsed(HeaderId.Cookie, 0, "cookie".Length, 0, total, total);
    }
}
