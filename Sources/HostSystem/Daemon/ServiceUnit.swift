internal import Glibc
internal import Processes

/// How systemd has the daemon's unit.
public enum ServiceUnit {
    public static let name = "fairlead.service"

    /// systemd's word, such as `enabled` or `disabled`; `nil` where systemd is not the init of this host, or does not know the
    /// unit: then something else starts the daemon.
    public static func enablement() async -> String? {
        guard access(SystemdTools.marker, F_OK) == 0, let systemctl = Command.find("systemctl") else { return nil }
        let command = Command(systemctl, ["is-enabled", name], deadline: .seconds(20))
        return word(try? await command.runToEnd().text)
    }

    static func word(_ output: String?) -> String? {
        let word = output?.split(whereSeparator: \.isWhitespace).first.map(String.init)
        return word == "not-found" ? nil : word
    }
}
