internal import Planning
internal import PodmanEngine
internal import Processes

/// Whose signature images need here, whether what verifies them is in place, and what runs without.
struct ImageTrustChecks {
    let host: HostComposition

    private var demands: [String: ImageRequirement] { host.configuration.trust.images }

    func checks() async -> [HostCheck] {
        guard !demands.isEmpty else { return [Self.off] }
        let places = demands.sorted { $0.key < $1.key }.map { Self.place($0.key, $0.value) }
        return places + programs + keys + [await running()]
    }

    private static let off = HostCheck.ok(
        "images", "signatures are not checked: whoever can push to a registry decides what its images hold")

    private static func place(_ place: String, _ requirement: ImageRequirement) -> HostCheck {
        let keys = requirement.sigstore.map { ImageDemand.Key(path: $0, bytes: []).name }.sorted()
        return .ok("images", "those of '\(place)' have to be signed by \(keys.joined(separator: " or "))")
    }

    private var programs: [HostCheck] {
        ["skopeo", "openssl"].filter { Command.find($0) == nil }.map { name in
            .fail(
                "images", "'\(name)' is not installed: no image that needs a signature is accepted",
                "apt-get install \(name)")
        }
    }

    private var keys: [HostCheck] {
        Set(demands.values.flatMap(\.sigstore)).sorted().map {
            TrustChecks.signers($0, "no image of its place is accepted")
        }
    }

    /// What was brought before the host demanded a signature runs on, and is named here.
    private func running() async -> HostCheck {
        do {
            let trust = HostImageTrust(keys: ImageKeyring(demands))
            guard let state = try await host.deployedState() else { return .ok("images", "nothing is deployed") }
            let unsigned = try state.images.filter { container, image in
                guard case .reference(let reference) = state.desired.plan.image(of: container) else { return false }
                return try !trust.vouches(for: image, as: reference)
            }
            guard !unsigned.isEmpty else {
                return .ok("images", "all that run here have the signatures that they need")
            }
            return .warn(
                "images",
                "not checked, since brought before a signature was demanded: "
                    + unsigned.keys.sorted().joined(separator: ", "),
                "'fairlead reconcile --force' brings them anew, or says which is not signed")
        } catch {
            return .fail("images", error)
        }
    }
}
