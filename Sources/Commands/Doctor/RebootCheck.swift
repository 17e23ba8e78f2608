internal import Glibc
internal import Model

/// Whether an orderly reboot takes a second or a minute and a half.
struct RebootCheck {
    let engine: EngineVersion?
    /// Other than `/` in tests.
    var root = ""

    var checks: [HostCheck] {
        guard let engine, let slow = engine.product.traits.slowReboot, engine.version.hasPrefix(slow.versions),
            exists("/run/systemd/system")
        else { return [] }
        // Those of the package, or those that were copied by hand.
        let missing = slow.dropIns.map { "systemd/system/\($0)/fairlead.conf" }
            .filter { !exists("/usr/lib/\($0)") && !exists("/etc/\($0)") }
            .map { "/etc/\($0)" }
        guard !missing.isEmpty else { return [.ok("reboot", "systemd stops containers in the right order")] }
        return [
            .warn(
                "reboot",
                "an orderly reboot can take 90 s with \(engine.product.traits.name) \(engine.version): no "
                    + "'\(missing[0])'",
                "cp -r deploy/systemd/. /etc/systemd/system/ && systemctl daemon-reload  # deploy/ of Fairlead")
        ]
    }

    private func exists(_ path: String) -> Bool { access(root + path, F_OK) == 0 }
}
