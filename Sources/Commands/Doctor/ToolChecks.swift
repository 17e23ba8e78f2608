internal import Glibc
internal import Planning
internal import Processes

/// The programs that are needed, as far as the configuration needs them.
struct ToolChecks {
    let configuration: VSNConfiguration
    /// Docker brings its own programs.
    let isDocker: Bool

    var checks: [HostCheck] {
        var checks = [tool("sync", for: "stable storage", package: "coreutils")]
        if !isDocker { checks += [tool("podman", for: "the containers", package: "podman"), catatonit] }
        if usesSSH { checks.append(tool("ssh", for: "ssh:// repositories", package: "openssh-client")) }
        if configuration.ageIdentity != nil { checks.append(tool("age", for: "secrets.json.age", package: "age")) }
        return checks
    }

    private var usesSSH: Bool {
        ([configuration.repository.url] + configuration.repository.fallbackUrls).contains {
            $0.hasPrefix("ssh://") || $0.wholeMatch(of: /[^\/:]+@[^\/:]+:.*/) != nil
        }
    }

    private func tool(_ name: String, for purpose: String, package: String) -> HostCheck {
        if let path = Command.find(name) { return .ok(name, path) }
        return .fail(name, "not installed; needed for \(purpose)", "apt-get install \(package)")
    }

    /// Podman's init; where it is looked for differs between versions.
    private var catatonit: HostCheck {
        let places = [
            "/usr/libexec/podman/catatonit", "/usr/lib/podman/catatonit", "/usr/local/libexec/podman/catatonit",
        ]
        if let path = places.first(where: { access($0, X_OK) == 0 }) ?? Command.find("catatonit") {
            return .ok("catatonit", path)
        }
        return .fail(
            "catatonit", "not installed; without it containers ignore the stop signal", "apt-get install catatonit")
    }
}

/// Who runs this process.
enum HostUser {
    static var check: HostCheck {
        geteuid() == 0 ? .ok("user", "root") : .fail("user", "not root", "run it as root, or with sudo")
    }
}

extension HostComposition {
    /// Also where Docker answers, not only where it is expected.
    var isDocker: Bool { get async { (try? await engine.version())?.product == "docker" } }
}
