namespace Sidecar.Server.Admin.Pages;

/// <summary>A handler as a table row: a button that calls it, with a field for each parameter. Thread: main.</summary>
internal static class HtmlForm
{
    /// <param name="response">Takes the row.</param>
    /// <param name="handler">What is called.</param>
    /// <param name="values">What the fields show.</param>
    public static void Write(AdminResponse response, AdminHandler handler, AdminQuery values)
    {
        string path = HtmlText.Escape(handler.Path);
        string method = handler.MutatesState ? "post" : "get";
        string id = "f" + path.Replace('/', '-');
        response.Write($"<tr><td><form id=\"{id}\" action=\"{path}\" method=\"{method}\">");
        response.Write($"<button class=\"{method}\">{path}</button></form></td>");
        response.Write($"<td>{HtmlText.Escape(handler.Help)}");
        foreach (AdminParameter parameter in handler.Parameters)
        {
            response.Write("<label>");
            WriteField(response, id, parameter, values[parameter.Name]);
            response.Write($"{HtmlText.Escape(parameter.Name)}: {HtmlText.Escape(parameter.Help)}</label>");
        }

        response.Write("</td></tr>\n");
    }

    private static void WriteField(AdminResponse response, string form, AdminParameter parameter, string? value)
    {
        string name = HtmlText.Escape(parameter.Name);
        if (parameter.Choices.Count > 0)
        {
            response.Write($"<select form=\"{form}\" name=\"{name}\">");
            foreach (string choice in parameter.Choices)
            {
                response.Write($"<option{(choice == value ? " selected" : "")}>{HtmlText.Escape(choice)}</option>");
            }

            response.Write("</select>");
        }
        else if (parameter.IsSwitch)
        {
            response.Write($"<input form=\"{form}\" type=\"checkbox\" name=\"{name}\"{(value is null ? "" : " checked")}>");
        }
        else
        {
            response.Write($"<input form=\"{form}\" type=\"text\" name=\"{name}\" value=\"{HtmlText.Escape(value ?? "")}\">");
        }
    }
}
