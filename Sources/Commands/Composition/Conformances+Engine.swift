public import ContainerEngine
public import Deploying
internal import Reconciling

extension PodmanEngine: ImageSupply {}
extension PodmanEngine: ImageInsight {}
extension PodmanEngine: ContainerControl {}
extension PodmanEngine: ContainerInsight {}
extension PodmanEngine: NetworkControl {}
extension PodmanEngine: NetworkIsolation {}
extension PodmanEngine: PortRenewal {}
extension PodmanEngine: UserNamespaces {}

extension DockerEngine: ImageSupply {}
extension DockerEngine: ImageInsight {}
extension DockerEngine: ContainerControl {}
extension DockerEngine: ContainerInsight {}
extension DockerEngine: NetworkControl {}
extension DockerEngine: NetworkIsolation {}
extension DockerEngine: PortRenewal {}
extension DockerEngine: UserNamespaces {}

extension HostEngine: StackInsight {}
