using System.Text;

namespace Sidecar.Config.Schema;

/// <summary>Spells the paths of a google.protobuf.FieldMask: snake_case on the wire, lowerCamelCase in JSON.</summary>
internal static class FieldMaskText
{
    internal static string ToSnakeCase(string path)
    {
        StringBuilder text = new(path.Length + 8);
        foreach (char c in path)
        {
            if (char.IsAsciiLetterUpper(c))
            {
                text.Append('_').Append((char)(c | 0x20));
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    internal static string ToCamelCase(string path)
    {
        StringBuilder text = new(path.Length);
        for (int i = 0; i < path.Length; i++)
        {
            bool isRaised = path[i] == '_' && i + 1 < path.Length && char.IsAsciiLetterLower(path[i + 1]);
            text.Append(isRaised ? char.ToUpperInvariant(path[++i]) : path[i]);
        }

        return text.ToString();
    }
}
